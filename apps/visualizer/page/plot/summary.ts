import type { Graph, Series } from "../../shared/graphs.ts";

/** A line of a graph in numbers. */
export interface Summary {
  readonly name: string;
  /** At a step, or the last one that there is; undefined where there is none. */
  readonly value: number | undefined;
  readonly lowest: number | undefined;
  readonly highest: number | undefined;
}

/** A line in numbers, at a step or at its end. */
export function summaryOf({ name, values }: Series, step: number | undefined): Summary {
  const numbers = values.filter((value) => value !== null);
  const value = step === undefined ? values.at(-1) : values[step];
  return {
    name,
    value: value ?? undefined,
    lowest: numbers.length === 0 ? undefined : numbers.reduce((a, b) => Math.min(a, b)),
    highest: numbers.length === 0 ? undefined : numbers.reduce((a, b) => Math.max(a, b)),
  };
}

/** Whether there is nothing to draw. */
export const isEmpty = ({ series }: Graph): boolean =>
  series.every(({ values }) => values.every((value) => value === null));

/** Whether all there is, is 0. */
export const isZero = ({ series }: Graph): boolean => series.every(({ values }) => !values.some(Boolean));

/** How many steps a graph has. */
export const stepsIn = ({ series }: Graph): number => series[0]?.values.length ?? 0;

/** The step that is nearest to a moment in milliseconds; undefined beside the graph. */
export function stepAt(graph: Graph, at: number | undefined): number | undefined {
  if (at === undefined) return undefined;
  const step = Math.round((at - graph.from) / graph.stepMs);
  return step >= 0 && step < stepsIn(graph) ? step : undefined;
}

/** Of the page's tints, those that can be told apart as thin lines. */
const tints = [0, 1, 2, 3, 4, 6, 7] as const;

/** How a line looks: the number of its tint, and whether it is dashed since all tints are in use. */
export const lookOf = (index: number): { readonly tint: number; readonly isDashed: boolean } => ({
  tint: tints[index % tints.length] ?? 0,
  isDashed: index >= tints.length,
});
