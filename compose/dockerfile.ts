/** An image that a Dockerfile begins with or copies from. */
export interface DockerfileImage {
  /** As written, with the values of arguments. */
  readonly image: string;
  /** From 1. */
  readonly line: number;
}

interface Instruction {
  readonly word: string;
  readonly rest: string;
  readonly line: number;
}

/**
 * The images of other builds that a Dockerfile needs, each once: those of `FROM`, `COPY --from` and `RUN --mount=…,from=`, without its
 * own stages and `scratch`.
 *
 * @param args values of its arguments, which win over its own
 * @see https://docs.docker.com/reference/dockerfile/
 */
export function imagesOf(text: string, args: Readonly<Record<string, string>>): readonly DockerfileImage[] {
  const stages = new Set<string>();
  const known = new Map<string, string>();
  const found = new Map<string, DockerfileImage>();
  const add = (image: string, line: number) => {
    const isOwn = image === "" || image === "scratch" || stages.has(image.toLowerCase()) || /^\d+$/.test(image);
    if (!isOwn && !found.has(image)) found.set(image, { image, line });
  };
  for (const { word, rest, line } of instructionsOf(text)) {
    const words = rest.split(/\s+/);
    if (word === "ARG" && stages.size === 0) for (const each of words) setArgument(known, each, args);
    if (word === "FROM") {
      const [image = "", as, name] = words.filter((each) => !each.startsWith("--"));
      add(expand(image, known), line);
      // A stage without a name counts too: arguments behind it are its own.
      stages.add(as?.toUpperCase() === "AS" && name ? name.toLowerCase() : `${String(stages.size)} `);
    }
    if (word === "COPY" || word === "RUN")
      for (const flag of words.filter((each) => /^--(from|mount)=/.test(each)))
        add(/(?:^--|,|=)from=([^,]+)/.exec(flag)?.[1] ?? "", line);
  }
  return [...found.values()];
}

/** Instructions with lines that a backslash continues joined, without comments. */
function instructionsOf(text: string): Instruction[] {
  const all: Instruction[] = [];
  let open: { text: string; line: number } | undefined;
  for (const [i, source] of text.split(/\r?\n/).entries()) {
    if (/^\s*(#|$)/.test(source)) continue;
    const before: { text: string; line: number } = open ?? { text: "", line: i + 1 };
    const continued = /\\\s*$/.test(source);
    const whole = before.text + source.replace(/\\\s*$/, " ");
    open = continued ? { ...before, text: whole } : undefined;
    const [, word, rest = ""] = /^\s*([A-Za-z]+)\s+(.*?)\s*$/.exec(whole) ?? [];
    if (!continued && word !== undefined) all.push({ word: word.toUpperCase(), rest, line: before.line });
  }
  return all;
}

function setArgument(known: Map<string, string>, written: string, args: Readonly<Record<string, string>>): void {
  const [, name = "", value] = /^(\w+)(?:=(.*))?$/.exec(written) ?? [];
  const given = Object.hasOwn(args, name) ? args[name] : value?.replace(/^(["'])(.*)\1$/, "$2");
  if (given !== undefined) known.set(name, expand(given, known));
}

/** `$NAME`, `${NAME}`, `${NAME:-default}` and `${NAME:+other}`. */
function expand(text: string, known: ReadonlyMap<string, string>): string {
  return text.replaceAll(
    /\$(?:(\w+)|\{(\w+)(?::([-+])([^}]*))?\})/g,
    (_, plain: string | undefined, braced: string | undefined, operator: string | undefined, word = "") => {
      const value = known.get(plain ?? braced ?? "") ?? "";
      if (operator === "+") return value === "" ? "" : String(word);
      return value === "" && operator === "-" ? String(word) : value;
    },
  );
}
