import type { ActivityLine } from "../shared/model.ts";

/** Lines of the time line that report the same of several tasks at one time, shown as one. */
export interface FoldedLine {
  readonly id: number;
  readonly first: ActivityLine;
  readonly names: readonly string[];
}

/** Summary of many events at once. Failures are shown one by one. */
const plurals: Readonly<Record<string, string>> = {
  runs: "run",
  "was shut down": "were shut down",
  "is done": "are done",
};

/** The verb for `count` subjects. */
export const verbFor = (verb: string, count: number): string => (count > 1 ? (plurals[verb] ?? verb) : verb);

/** Folds lines, kept in their order: a drained node is one line, not one for each of its tasks. */
export function fold(lines: readonly ActivityLine[]): readonly FoldedLine[] {
  const groups = new Map<string, { id: number; first: ActivityLine; names: string[] }>();
  for (const line of lines) {
    const many = line.subject.kind === "task" && line.verb in plurals && !line.detail;
    const key = many ? `${line.at} ${line.verb} ${line.on?.id}` : String(line.id);
    const group = groups.get(key);
    if (group) group.names.push(line.subject.name);
    else groups.set(key, { id: line.id, first: line, names: [line.subject.name] });
  }
  return [...groups.values()];
}
