/** The kinds of subjects of graphs; all but the farm have a name. */
export const views = ["farm", "node", "service", "route"] as const;

/** One of them. */
export type View = (typeof views)[number];

/** How far back a graph goes, in milliseconds, by its name in addresses. */
export const ranges = {
  "1h": 3_600_000,
  "6h": 6 * 3_600_000,
  "24h": 24 * 3_600_000,
  "7d": 7 * 86_400_000,
  "15d": 15 * 86_400_000,
} as const;

/** One of them. */
export type Range = keyof typeof ranges;

/** Steps of a series: a panel has fewer pixels than a thousand, and people read no more than this. */
export const steps = 240;

/** Series of a panel: more lines than these nobody tells apart. */
export const seriesAtMost = 12;

/** A quantity: a share from 0 to 1, processors, bytes, a number per second, seconds, or a number. */
export type Unit = "share" | "cores" | "bytes" | "perSecond" | "seconds" | "number";

/** A graph of the catalog, without its queries. */
export interface PanelInfo {
  readonly id: string;
  readonly view: View;
  readonly title: string;
  readonly unit: Unit;
  /** Which series stay if there are too many. Default: the highest. */
  readonly keep?: "lowest";
  /** Shown where all series are 0 all the time; those that are so are left out. Default: they are shown. */
  readonly allZero?: string;
}

/** Every graph that there is, in the order of the page. */
export const panels = [
  { id: "farm-cpu", view: "farm", title: "CPU of nodes", unit: "share" },
  { id: "farm-memory", view: "farm", title: "Memory used of nodes", unit: "share" },
  { id: "farm-disk", view: "farm", title: "Disk used of nodes, fullest file system", unit: "share" },
  { id: "farm-missing", view: "farm", title: "Tasks missing", unit: "number", allZero: "No task was missing." },
  { id: "farm-requests", view: "farm", title: "Requests by route", unit: "perSecond" },
  {
    id: "farm-errors",
    view: "farm",
    title: "Requests that failed (5xx) by route",
    unit: "perSecond",
    allZero: "No request failed.",
  },
  { id: "node-cpu", view: "node", title: "CPU by mode", unit: "share", allZero: "It was idle." },
  { id: "node-memory", view: "node", title: "Memory", unit: "bytes" },
  { id: "node-disk", view: "node", title: "Disk free", unit: "bytes", keep: "lowest" },
  { id: "node-task-cpu", view: "node", title: "CPU of tasks, in cores", unit: "cores" },
  { id: "node-task-memory", view: "node", title: "Memory of tasks", unit: "bytes" },
  { id: "service-tasks", view: "service", title: "Tasks running and desired", unit: "number" },
  {
    id: "service-failed",
    view: "service",
    title: "Tasks that failed within ten minutes",
    unit: "number",
    allZero: "No task failed.",
  },
  { id: "service-cpu", view: "service", title: "CPU by task, in cores", unit: "cores" },
  { id: "service-memory", view: "service", title: "Memory by task", unit: "bytes" },
  { id: "route-requests", view: "route", title: "Requests by class", unit: "perSecond" },
  { id: "route-errors", view: "route", title: "Share of requests that failed (5xx)", unit: "share" },
  { id: "route-time", view: "route", title: "Answer time of the probe", unit: "seconds" },
  { id: "route-probe", view: "route", title: "Probes that succeeded", unit: "share" },
] as const satisfies readonly PanelInfo[];

/** A graph by its id. */
export type PanelId = (typeof panels)[number]["id"];

/** One line of a graph: a value, or none, for each step. */
export interface Series {
  readonly name: string;
  /** Whether it is what others are compared with: a limit, a total, a desired number. Default: false. */
  readonly isBound?: boolean;
  readonly values: readonly (number | null)[];
}

/** A graph's lines, in milliseconds of Prometheus' clock from the first step. */
export interface Graph {
  readonly from: number;
  readonly stepMs: number;
  readonly series: readonly Series[];
  /** How many series there are besides, which are left out. */
  readonly cut: number;
}

/** A graph, or why there is none. */
export type GraphAnswer = Graph | { readonly problem: string };

/** The names of routes of which Prometheus has had data, or why they are not known. */
export interface RouteNames {
  readonly routes: readonly string[];
  readonly problem?: string;
}
