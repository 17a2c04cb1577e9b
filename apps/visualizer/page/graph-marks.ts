import type { ActivityLine, Service } from "../shared/model.ts";
import type { PlotMark } from "./plot/draw.ts";
import type { Route } from "./route.ts";
import { lineMatches } from "./view.ts";

/** More would hide the lines. */
const marksAtMost = 40;

/**
 * The marks of a graph: alerts, nodes and updates of the time line, and the moment that is looked at. Tasks come and go too often; the
 * graphs show them.
 */
export function marksOf(
  activity: readonly ActivityLine[],
  route: Route,
  services: ReadonlyMap<string, Service>,
  at: number | undefined,
): readonly PlotMark[] {
  const isOf = (line: ActivityLine): boolean =>
    route.graphs === "route" ? line.subject.kind === "alert" : lineMatches(line, route, services);
  const lines = activity.filter((line) => line.subject.kind !== "task" && isOf(line)).slice(-marksAtMost);
  return [
    ...lines.map(({ at, level }): PlotMark => ({ at, colour: level === "plain" ? "soft" : level })),
    ...(at === undefined ? [] : [{ at, colour: "link" } as const]),
  ];
}
