import { type GraphAnswer, type PanelId, type RouteNames, ranges } from "../shared/graphs.ts";
import { addressOf } from "./address.ts";
import type { GraphView } from "./graph-route.ts";

const away = "the server does not answer";

async function read<T>(path: string, failed: (problem: string) => T): Promise<T> {
  try {
    const answer = await fetch(addressOf(path));
    return answer.ok ? ((await answer.json()) as T) : failed(`the server answers ${answer.status}`);
  } catch {
    return failed(away);
  }
}

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
export const readGraph = (path: string): Promise<GraphAnswer> => read(path, (problem): GraphAnswer => ({ problem }));

/** Reads the names of routes. */
export const readRoutes = (): Promise<RouteNames> => read("routes", (problem): RouteNames => ({ routes: [], problem }));
