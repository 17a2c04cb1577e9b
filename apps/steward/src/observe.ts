import { isActive, type Service, type Snapshot } from "./shared/model.ts";

interface Seen {
  readonly print: string;
  readonly since: number;
}

/**
 * Since when everything has been as it is, on this process' own clock. Docker's time stamps are not used: they come
 * from several machines' clocks. A new process has seen nothing yet, so its first quiet period starts when it does.
 */
export interface Observations {
  readonly nodes: Seen;
  readonly services: ReadonlyMap<string, Seen>;
}

const later = (before: Seen | undefined, print: string, now: number): Seen =>
  before?.print === print ? before : { print, since: now };

/** Takes one more snapshot into account; pure. */
export function observe(before: Observations | undefined, snapshot: Snapshot, now: number): Observations {
  const tasks = new Map<string, string[]>();
  for (const task of snapshot.tasks) {
    if (!isActive(task)) continue;
    const prints = tasks.get(task.serviceId) ?? [];
    prints.push(`${task.id} ${task.state} ${task.nodeId}`);
    tasks.set(task.serviceId, prints);
  }
  const nodes = snapshot.nodes.map(({ id, state, availability }) => `${id} ${state} ${availability}`);
  const printOf = ({ id, version }: Service): string => [version, ...(tasks.get(id) ?? []).sort()].join("\n");
  return {
    nodes: later(before?.nodes, nodes.sort().join("\n"), now),
    services: new Map(snapshot.services.map((one) => [one.id, later(before?.services.get(one.id), printOf(one), now)])),
  };
}

/** For how long a service, its tasks and the nodes have been as they are, in milliseconds. */
export function quietMs({ nodes, services }: Observations, serviceId: string, now: number): number {
  return now - Math.max(nodes.since, services.get(serviceId)?.since ?? now);
}

/** For how long a service and its tasks have been as they are, whatever nodes do. */
export const steadyMs = ({ services }: Observations, serviceId: string, now: number): number =>
  now - (services.get(serviceId)?.since ?? now);
