import type { Json, JsonObject } from "./values";

/** One line of an outline. */
export interface Line {
  readonly depth: number;
  readonly text: string;
  /** Whether it is a line of a longer text, which is shown with context. */
  readonly inText: boolean;
}

/** Longer lines are wrapped, so that a change at the far end of one is still seen. */
const widest = 160;

/** The most lines of a text in a created resource. */
const shownOfText = 4;

/** An object as indented lines with sorted keys, similar to YAML. */
export function outline(value: JsonObject): Line[] {
  return entriesOf(value, 0);
}

/** An outline with the long texts in it cut down to their first lines. */
export function shortened(lines: readonly Line[]): Line[] {
  const short: Line[] = [];
  let run = 0;
  lines.forEach((line, at) => {
    run = line.inText ? run + 1 : 0;
    if (run <= shownOfText) short.push(line);
    if (run > shownOfText && !lines[at + 1]?.inText) short.push({ ...line, text: `… ${run - shownOfText} more lines` });
  });
  return short;
}

function entriesOf(value: JsonObject, depth: number): Line[] {
  return Object.keys(value)
    .sort()
    .flatMap((key) => partOf(`${key}:`, value[key] ?? null, depth));
}

/** A key, or the dash of a list, with its value: on the same line if it fits, else below. */
function partOf(head: string, value: Json, depth: number): Line[] {
  const line = (text: string): Line => ({ depth, text, inText: false });
  if (typeof value === "string") return textLines(head, value, depth);
  if (value === null || typeof value !== "object") return [line(`${head} ${String(value)}`)];
  if (Array.isArray(value)) {
    return value.length === 0
      ? [line(`${head} []`)]
      : [line(head), ...value.flatMap((part) => partOf("-", part, depth + 1))];
  }
  const below = entriesOf(value, depth + 1);
  return below.length === 0 ? [line(`${head} {}`)] : [line(head), ...below];
}

function textLines(head: string, text: string, depth: number): Line[] {
  if (text.length <= widest && !text.includes("\n")) {
    return [{ depth, text: `${head} ${text === "" ? '""' : text}`, inText: false }];
  }
  const lines = text.replace(/\n$/, "").split("\n").flatMap(wrapped);
  return [
    { depth, text: `${head} |`, inText: false },
    ...lines.map((part) => ({ depth: depth + 1, text: part, inText: true })),
  ];
}

function wrapped(line: string): string[] {
  const characters = Array.from(line);
  const count = Math.max(1, Math.ceil(characters.length / widest));
  return Array.from({ length: count }, (_, at) => characters.slice(at * widest, (at + 1) * widest).join(""));
}
