import { markdownTable } from "../../../cli/base/markdown-table";
import type { Counted } from "../../counted";
import { median } from "../../median";

/** The times of a run. */
export type Times = Pick<Counted, "seconds" | "cpuSeconds">;

/** A program that was measured, with the size of its work and the times of each run. */
export interface Subject {
  readonly name: string;
  readonly resources: number;
  /** From a resource to one that has to be there before it. */
  readonly references: number;
  readonly runs: readonly Times[];
}

/**
 * Medians of a subject and of others, and of the ratios of its run to theirs in the same round; of the wall time also the least, which
 * other work on the machine disturbs least.
 */
export function ratioTable(subject: Subject, others: readonly Subject[]): string {
  const rows = [subject, ...others].map((each) => {
    const { name, resources, references, runs } = each;
    const figures = keys.flatMap((key) => [
      median(runs.map((run) => run[key])).toFixed(2),
      each === subject ? "" : ratio(subject, each, key).toFixed(2),
    ]);
    const least = Math.min(...runs.map(({ seconds }) => seconds));
    return [name, String(resources), String(references), least.toFixed(2), ...figures];
  });
  return markdownTable(
    ["run", "resources", "references", "least wall, s", "wall, s", "ratio", "CPU, s", "ratio"],
    rows,
  );
}

const keys = ["seconds", "cpuSeconds"] as const;

function ratio(one: Subject, other: Subject, key: keyof Times): number {
  return median(one.runs.map((run, round) => run[key] / (other.runs[round]?.[key] ?? NaN)));
}
