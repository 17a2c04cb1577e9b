import { diffArrays } from "diff";
import { shortened, type Line } from "./outline";

/** A line of a diff: `+`, `-`, `!` for a change without values, a blank for context. */
export interface DiffLine {
  readonly sign: "+" | "-" | "!" | " ";
  readonly text: string;
}

/** How many unchanged lines of a text are kept on either side of a change. */
const context = 2;

/** With more edits than this, two texts are shown as replaced. */
const maxEdits = 2000;

interface Marked {
  readonly line: Line;
  readonly sign: "+" | "-" | " ";
}

/** All lines of a new value, with long texts cut. */
export function added(after: readonly Line[]): DiffLine[] {
  return shortened(after).map((line) => written({ line, sign: "+" }));
}

/** The lines that differ, under the keys that they belong to. */
export function changed(before: readonly Line[], after: readonly Line[]): DiffLine[] {
  const marked = compare(before, after);
  const shown = new Set<number>();
  marked.forEach(({ sign }, at) => {
    if (sign !== " ") keep(marked, at, shown);
  });
  return [...shown]
    .sort((a, b) => a - b)
    .flatMap((at, position, all) => {
      const entry = marked[at];
      if (!entry) return [];
      const gap = entry.line.inText && at - (all[position - 1] ?? at) > 1;
      return [...(gap ? [gapLine(entry.line)] : []), written(entry)];
    });
}

function compare(before: readonly Line[], after: readonly Line[]): Marked[] {
  const parts = diffArrays([...before], [...after], {
    comparator: (a, b) => a.text === b.text && a.depth === b.depth,
    maxEditLength: maxEdits,
  });
  if (!parts) {
    return [
      ...before.map((line) => ({ line, sign: "-" as const })),
      ...after.map((line) => ({ line, sign: "+" as const })),
    ];
  }
  return parts.flatMap(({ added: isNew, removed, value }) =>
    value.map((line): Marked => ({ line, sign: isNew ? "+" : removed ? "-" : " " })),
  );
}

/** Keeps a line, the keys above it on its side of the diff, and context around a line of a text. */
function keep(marked: readonly Marked[], at: number, shown: Set<number>): void {
  const entry = marked[at];
  if (!entry) return;
  shown.add(at);
  let depth = entry.line.depth;
  const before = marked[at - 1];
  // The keys of a neighbouring line are kept already, which saves the search in long texts.
  if (before?.line.depth === depth && before.sign === entry.sign) depth = 0;
  for (let above = at - 1; above >= 0 && depth > 0; above -= 1) {
    const other = marked[above];
    if (!other || other.line.inText || other.line.depth >= depth) continue;
    if (other.sign !== " " && other.sign !== entry.sign) continue;
    shown.add(above);
    depth = other.line.depth;
  }
  if (!entry.line.inText) return;
  for (const step of [-1, 1]) {
    for (let near = at + step; Math.abs(near - at) <= context && marked[near]?.line.inText; near += step)
      shown.add(near);
  }
}

function written({ line, sign }: Marked): DiffLine {
  return { sign, text: "  ".repeat(line.depth) + line.text };
}

function gapLine({ depth }: Line): DiffLine {
  return { sign: " ", text: `${"  ".repeat(depth)}…` };
}
