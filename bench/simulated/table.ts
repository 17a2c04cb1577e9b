import { markdownTable } from "../../cli/base/markdown-table";
import { median } from "../median";

/** A figure of each run, by the number of nodes. */
export type Runs = ReadonlyMap<number, readonly number[]>;

/** A figure with its name, and the number of digits after the point. */
export interface Column {
  readonly name: string;
  readonly runs: Runs;
  readonly digits: number;
}

/** Adds a figure of one run of a size. */
export function record(figures: Map<string, Map<number, number[]>>, name: string, nodes: number, value: number): void {
  const runs = figures.get(name) ?? new Map<number, number[]>();
  figures.set(name, runs.set(nodes, [...(runs.get(nodes) ?? []), value]));
}

/**
 * A Markdown table of medians by the number of nodes. Each figure has two columns beside it: the whole divided by the nodes, and the growth
 * since the row above divided by the nodes that were added. The first falls where a part is fixed; only the second shows a growth that is
 * more than linear.
 */
export function growthTable(columns: readonly Column[]): string {
  const sizes = [...(columns[0]?.runs.keys() ?? [])];
  const head = ["nodes", ...columns.flatMap(({ name }) => [name, "per node", "per further node"])];
  const rows = sizes.map((nodes, at) => [
    String(nodes),
    ...columns.flatMap((column) => cells(column, nodes, sizes[at - 1])),
  ]);
  return markdownTable(head, rows);
}

function cells({ runs, digits }: Column, nodes: number, before: number | undefined): readonly string[] {
  const value = (of: number) => median(runs.get(of) ?? []);
  const further = before === undefined ? "" : ((value(nodes) - value(before)) / (nodes - before)).toFixed(digits + 2);
  return [value(nodes).toFixed(digits), (value(nodes) / nodes).toFixed(digits + 2), further];
}

/**
 * How often as much a node costs in a farm of one size as in one of another: the median of the ratios of each run.
 *
 * @returns 1 where the cost of a node is flat, less where a fixed part is divided by more nodes
 */
export function perNodeRatio(runs: Runs, few: number, many: number): number {
  const small = runs.get(few) ?? [];
  return median((runs.get(many) ?? []).map((value, run) => value / many / ((small[run] ?? NaN) / few)));
}
