import { type GraphAnswer, type PanelId, type RouteNames, ranges } from "../shared/graphs.ts";
import type { GraphView } from "./graph-route.ts";
import { readJson } from "./read.ts";

/** The path of a graph: what is looked at is in its middle, as long as there is a later half. */
export function graphPath(panel: PanelId, { subject, range, at }: GraphView): string {
  const parameters = new URLSearchParams({
    range,
    ...(subject !== "" && { subject }),
    ...(at !== undefined && { end: String(at + ranges[range] / 2) }),
  });
  return `graph/${panel}?${parameters.toString()}`;
}

/** Reads a graph by its path. */
export const readGraph = (path: string): Promise<GraphAnswer> =>
  readJson(path, (problem): GraphAnswer => ({ problem }));

/** Reads the names of routes. */
export const readRoutes = (): Promise<RouteNames> =>
  readJson("routes", (problem): RouteNames => ({ routes: [], problem }));
