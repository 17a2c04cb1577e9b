import type { ActivityLine, Alerts, Node, ClusterState, Problem, Service, Swarm, Task } from "./model.ts";

/** Objects of one kind that were added, changed or removed. */
export interface Delta<T> {
  readonly set: readonly T[];
  readonly gone: readonly string[];
}

/** The difference between two states of the cluster, as it travels to the viewers. */
export interface Change {
  readonly nodes?: Delta<Node>;
  readonly services?: Delta<Service>;
  readonly tasks?: Delta<Task>;
}

/** One message of the stream: a change, new lines of the time line, or the server's own state. */
export interface Update {
  readonly change?: Change;
  readonly activity?: readonly ActivityLine[];
  readonly swarm?: Swarm | null;
  readonly problems?: readonly Problem[];
  readonly alerts?: Alerts;
}

/** Everything a viewer needs to begin; the stream continues after `mark`. */
export interface Snapshot {
  /** `<epoch>-<version>`: a server that was restarted has another epoch. */
  readonly mark: string;
  readonly now: number;
  readonly swarm: Swarm | null;
  readonly problems: readonly Problem[];
  readonly alerts: Alerts;
  /** The path of VictoriaLogs' own page; null where the farm stores no logs. */
  readonly logsPage: string | null;
  /** Whether graphs can be read. */
  readonly hasGraphs: boolean;
  readonly nodes: readonly Node[];
  readonly services: readonly Service[];
  readonly tasks: readonly Task[];
  readonly activity: readonly ActivityLine[];
}

/** Shows that the stream lives, and what time it is in the swarm. */
export interface Heartbeat {
  readonly now: number;
}

/** One line a task wrote. */
export interface LogLine {
  readonly at: string;
  readonly stream: "out" | "err";
  readonly text: string;
}

/** The end of a task's log; `note` is why it is not complete. */
export interface TaskLog {
  readonly lines: readonly LogLine[];
  readonly note?: string;
}

interface Identified {
  readonly id: string;
}

const same = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b);

function delta<T extends Identified>(
  before: ReadonlyMap<string, T>,
  after: ReadonlyMap<string, T>,
): Delta<T> | undefined {
  if (before === after) return undefined;
  const set = [...after.values()].filter((item) => !same(before.get(item.id), item));
  const gone = [...before.keys()].filter((id) => !after.has(id));
  return set.length + gone.length > 0 ? { set, gone } : undefined;
}

/** The change from one state of the cluster to the other, or nothing if they are equal. */
export function difference(before: ClusterState, after: ClusterState): Change | undefined {
  const nodes = delta(before.nodes, after.nodes);
  const services = delta(before.services, after.services);
  const tasks = delta(before.tasks, after.tasks);
  if (!nodes && !services && !tasks) return undefined;
  return { ...(nodes && { nodes }), ...(services && { services }), ...(tasks && { tasks }) };
}

function patched<T extends Identified>(
  items: ReadonlyMap<string, T>,
  change: Delta<T> | undefined,
): ReadonlyMap<string, T> {
  if (!change) return items;
  const next = new Map(items);
  for (const id of change.gone) next.delete(id);
  for (const item of change.set) next.set(item.id, item);
  return next;
}

/** The cluster's state after a change; what the change does not name stays the same object. */
export function apply(clusterState: ClusterState, change: Change): ClusterState {
  return {
    nodes: patched(clusterState.nodes, change.nodes),
    services: patched(clusterState.services, change.services),
    tasks: patched(clusterState.tasks, change.tasks),
  };
}

/** Items by their id. */
export function byId<T extends Identified>(items: readonly T[]): ReadonlyMap<string, T> {
  return new Map(items.map((item) => [item.id, item]));
}
