import { signal } from "@preact/signals";
import { type Range, ranges, type View, views } from "../shared/graphs.ts";
import type { ActivityLine, Subject } from "../shared/model.ts";
import { formatRoute, parseRoute, type Route } from "./route.ts";

/** Whether the server can read graphs; undefined until it says so. */
export const hasGraphs = signal<boolean | undefined>(undefined);

/** The graphs that an address stands for. */
export interface GraphView {
  readonly view: View;
  /** Empty for the farm. */
  readonly subject: string;
  readonly range: Range;
  /** The moment to look at, in milliseconds. Default: now, as time goes by. */
  readonly at?: number;
}

const isRange = (text: string): text is Range => Object.hasOwn(ranges, text);

/** The graphs of a route; undefined where it shows tasks. A view without a subject is the farm's. */
export function graphViewOf(route: Route): GraphView | undefined {
  if (route.graphs === "") return undefined;
  const named = views.find((view) => view === route.graphs) ?? "farm";
  const subject = named === "farm" ? "" : route[named];
  const at = Number(route.at);
  return {
    view: subject === "" ? "farm" : named,
    subject,
    range: isRange(route.range) ? route.range : "1h",
    ...(Number.isSafeInteger(at) && at > 0 && { at }),
  };
}

/** The change of a route that leads to graphs, without what tasks are filtered by. */
export function toGraphs({ view, subject, range, at }: Omit<GraphView, "range"> & { readonly range?: Range }): Route {
  return {
    ...parseRoute(""),
    graphs: view,
    ...(view !== "farm" && { [view]: subject }),
    ...(range !== undefined && { range }),
    ...(at !== undefined && { at: String(at) }),
  };
}

/** The graphs of what tasks are filtered by, or of the farm. */
export function graphsBeside({ service, node }: Route): Route {
  if (service !== "") return toGraphs({ view: "service", subject: service });
  return node === "" ? toGraphs({ view: "farm", subject: "" }) : toGraphs({ view: "node", subject: node });
}

/** The address of the graphs of a line's subject, at its time. */
export function graphsAround({ at, subject }: Pick<ActivityLine, "at" | "subject">): string {
  return formatRoute(toGraphs({ ...graphedOf(subject), at }));
}

function graphedOf({ kind, name }: Subject): Pick<GraphView, "view" | "subject"> {
  switch (kind) {
    case "node":
    case "service":
      return { view: kind, subject: name };
    case "task":
      // `web.3`, or `agent@worker1`: the graphs of its service have it as a line.
      return { view: "service", subject: name.replace(/(\.\d+|@.*)$/, "") };
    case "alert":
      return { view: "farm", subject: "" };
  }
}
