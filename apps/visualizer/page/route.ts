import { signal } from "@preact/signals";

/** The current view. It is the part of the address after `#`, so every view has a link. */
export interface Route {
  readonly service: string;
  readonly node: string;
  readonly state: string;
  readonly q: string;
  readonly task: string;
  /** Which part a narrow screen shows. */
  readonly show: string;
  /** How tasks are drawn: `names` or `tiles`; by their number if empty. */
  readonly as: string;
  /** Whose graphs are shown in place of tasks: `farm`, `node`, `service` or `route`; none if empty. */
  readonly graphs: string;
  /** The name of a route, of its graphs. */
  readonly route: string;
  /** How far back graphs go; an hour if empty. */
  readonly range: string;
  /** The moment that graphs are of, in milliseconds; now if empty. */
  readonly at: string;
}

const keys = ["service", "node", "state", "q", "task", "show", "as", "graphs", "route", "range", "at"] as const;

/** The route an address stands for; what it does not know is left out. */
export function parseRoute(hash: string): Route {
  const parameters = new URLSearchParams(hash.replace(/^#/, ""));
  const read = (key: keyof Route): string => parameters.get(key) ?? "";
  return {
    service: read("service"),
    node: read("node"),
    state: read("state"),
    q: read("q"),
    task: read("task"),
    show: read("show"),
    as: read("as"),
    graphs: read("graphs"),
    route: read("route"),
    range: read("range"),
    at: read("at"),
  };
}

/** The address of a route. */
export function formatRoute(route: Route): string {
  const set = keys.filter((key) => route[key] !== "").map((key) => [key, route[key]]);
  return `#${new URLSearchParams(set).toString()}`;
}

/** Where we are. */
export const route = signal<Route>(parseRoute(typeof location === "undefined" ? "" : location.hash));

/** Goes to a changed route. Typing a filter leaves no trail in the browser's history; everything else does. */
export function go(change: Partial<Route>, trail: "keep" | "replace" = "keep"): void {
  const next = { ...route.value, ...change };
  const address = formatRoute(next);
  if (trail === "keep") history.pushState(null, "", address);
  else history.replaceState(null, "", address);
  route.value = next;
}

/** Follows the browser's back, forward and typed addresses. */
export function followAddress(): void {
  for (const event of ["popstate", "hashchange"]) {
    addEventListener(event, () => {
      route.value = parseRoute(location.hash);
    });
  }
}
