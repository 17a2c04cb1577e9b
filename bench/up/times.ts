import type { Step } from "./steps";

/** When a step of the script began and ended, in seconds since 1970. */
interface Timed {
  readonly name: string;
  readonly began: number;
  readonly ended: number;
}

/** @param lines of each step its name, and when it began and ended, as step.sh writes them */
export function timesOf(lines: readonly string[]): readonly Timed[] {
  return lines.map((line) => {
    const [name = "", began, ended] = line.trim().split(" ");
    return { name, began: Number(began), ended: Number(ended) };
  });
}

/** Seconds from the first step's begin until every node's Docker answered. */
export function dockerSeconds(times: readonly Timed[]): number {
  const first = Math.min(...times.map(({ began }) => began));
  return Math.max(...times.filter(({ name }) => name.endsWith("-power")).map(({ ended }) => ended)) - first;
}

/** Of an `up` or a script: when it began and when each step ended, in seconds since 1970. */
export interface Course {
  readonly began: number;
  readonly ended: ReadonlyMap<string, number>;
}

/**
 * A table of the steps in the order in which `up` had done them: of both when each ended, in seconds from the begin, and how long it took
 * from the end of the last step that it waits for.
 */
export function sideBySide(steps: readonly Step[], up: Course, script: Course): string {
  const rows = steps
    .map(({ name, after }) => ({ name, cells: [...cells(name, after, up), ...cells(name, after, script)] }))
    .sort((one, other) => (one.cells[0] ?? NaN) - (other.cells[0] ?? NaN));
  const lines = rows.map(({ name, cells }) => [...cells.map((cell) => cell.toFixed(1)), name].join("\t"));
  return `${["up's end", "took", "script's end", "took", "step"].join("\t")}\n${lines.join("\n")}\n`;
}

function cells(name: string, after: readonly string[], { began, ended }: Course): readonly number[] {
  const end = ended.get(name) ?? NaN;
  return [end - began, end - Math.max(began, ...after.map((other) => ended.get(other) ?? NaN))];
}
