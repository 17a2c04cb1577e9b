/** A block of an nginx.conf; the whole file is one without a head. */
export interface Block {
  readonly head: string;
  readonly lines: readonly string[];
  readonly blocks: readonly Block[];
}

/** Reads a configuration; whatever is not a directive, a block or a comment of one line is an error, and so is an open block. */
export function readNginx(text: string): Block {
  const stack: { head: string; lines: string[]; blocks: Block[] }[] = [{ head: "", lines: [], blocks: [] }];
  for (const line of text.split("\n").map((part) => part.trim())) {
    const at = stack.at(-1);
    if (!at) throw new Error("a block is closed that was never opened");
    const bare = line.replaceAll(/"[^"]*"|'[^']*'/g, "");
    if (line === "") continue;
    if (/^[^;{}]+;$/.test(bare)) at.lines.push(line);
    else if (/^[^;{}]+ \{$/.test(bare)) {
      const block = { head: line.slice(0, -2), lines: [], blocks: [] };
      at.blocks.push(block);
      stack.push(block);
    } else if (bare === "}") stack.pop();
    else throw new Error(`this is no directive: ${line}`);
  }
  const [whole, ...open] = stack;
  if (!whole || open.length > 0) throw new Error(`${open.length} blocks are not closed`);
  return whole;
}

/** The blocks below a block whose heads begin so, at any depth. */
export function blocksOf(block: Block, head: string): Block[] {
  return block.blocks.flatMap((one) => [...(one.head.startsWith(head) ? [one] : []), ...blocksOf(one, head)]);
}

/** The TLS server of a name; that of none is everyone else's. */
export function serverOf(text: string, host: string | undefined): Block {
  const servers = blocksOf(readNginx(text), "server");
  const found = servers.filter(({ lines }) => lines.includes(`server_name ${host ?? "_"};`));
  if (found.length > 1) throw new Error(`${found.length} servers have the name '${host ?? "_"}'`);
  return found[0] ?? serverOf(text, undefined);
}

/** The lines of what serves a path: nginx takes the longest that the path begins with. */
export function locationOf(server: Block, path: string): readonly string[] {
  const places = server.blocks.map(({ head, lines }) => ({ prefix: head.replace(/^location /, ""), lines }));
  const [first] = places
    .filter(({ prefix }) => path.startsWith(prefix))
    .sort((a, b) => b.prefix.length - a.prefix.length);
  return first?.lines ?? [];
}
