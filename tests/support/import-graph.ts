import { dirname, join, normalize } from "node:path";

/** Edges between importers and imported files, by names. */
export type ImportGraph = ReadonlyMap<string, ReadonlySet<string>>;

interface File {
  readonly path: string;
  readonly text: string;
}

/** Which of some files each imports, types and what is loaded later included. */
export function fileGraph(files: readonly File[]): ImportGraph {
  const known = new Set(files.map(({ path }) => path));
  const fileAt = (path: string) =>
    [path, `${path}.ts`, `${path}.tsx`, `${path}/index.ts`].find((each) => known.has(each));
  return new Map(
    files.map(({ path, text }) => {
      const imported = [...text.matchAll(/(?:\bfrom |\bimport |\bimport\()"(\.[^"]+)"/g)];
      const to = imported.map((match) => fileAt(normalize(join(dirname(path), match[1] ?? ""))));
      return [path, new Set(to.filter((each) => each !== undefined))];
    }),
  );
}

/** Which other folders the files of each folder import from. A folder and one inside it are two. */
export function folderGraph(files: ImportGraph): ImportGraph {
  const graph = new Map<string, Set<string>>();
  for (const [from, imported] of files) {
    const folder = dirname(from);
    const others = [...imported].map((to) => dirname(to)).filter((other) => other !== folder);
    graph.set(folder, new Set([...(graph.get(folder) ?? []), ...others]));
  }
  return graph;
}

/** For each import that has a way back, the shortest cycle through it, each cycle once; its first name is the last one too. */
export function cyclesOf(graph: ImportGraph): (readonly string[])[] {
  const found = new Map<string, readonly string[]>();
  for (const [from, imported] of graph)
    for (const to of imported) {
      const back = shortestWay(graph, to, from);
      if (back) found.set([...back].sort().join(), [from, ...back]);
    }
  return [...found.values()];
}

function shortestWay(graph: ImportGraph, from: string, to: string): readonly string[] | undefined {
  const ways = new Map<string, readonly string[]>([[from, [from]]]);
  // A map that grows is read to its end.
  for (const [name, way] of ways) {
    if (name === to) return way;
    for (const next of graph.get(name) ?? []) if (!ways.has(next)) ways.set(next, [...way, next]);
  }
  return undefined;
}

/** A cycle of folders in one line, and below it the imports that make it. */
export function folderCycleText(files: ImportGraph, cycle: readonly string[]): string {
  const steps = cycle.slice(1).map((to, i) => [cycle[i], to]);
  const imports = [...files].flatMap(([from, imported]) =>
    [...imported]
      .filter((to) => steps.some(([a, b]) => dirname(from) === a && dirname(to) === b))
      .map((to) => `    ${from} imports ${to}`),
  );
  return [cycle.join(" → "), ...imports].join("\n");
}
