import type { FakeNode, FakeService, FakeTask, FakeTaskHolder } from "./shapes.ts";

interface Load {
  /** Tasks of the service. */
  own: number;
  tasks: number;
  nanoCpus: number;
  memoryBytes: number;
}

function valueOf(node: FakeNode, key: string): string {
  if (key.startsWith("node.labels.")) return node.labels?.[key.slice("node.labels.".length)] ?? "";
  return { "node.hostname": node.hostname, "node.role": node.role, "node.id": node.id }[key] ?? "";
}

/** Whether a node takes tasks of a service at all, however full it is. */
export function isEligible(swarm: FakeTaskHolder, service: FakeService, node: FakeNode): boolean {
  return (
    node.state === "ready" &&
    node.availability === "active" &&
    !swarm.shunned.has(node.id) &&
    (service.spec.TaskTemplate.Placement?.Constraints ?? []).every((text) => {
      const [key = "", value] = text.split(/[!=]=/);
      return (valueOf(node, key) === value) === text.includes("==");
    })
  );
}

/** Tasks that have ended hold nothing; one that is to stop holds its resources until it has. */
function loadsOf(swarm: FakeTaskHolder, service: FakeService): Map<string, Load> {
  const loads = new Map<string, Load>();
  for (const { serviceId, nodeId, desired, state, template } of swarm.tasks.values()) {
    if (nodeId === "" || state === "shutdown" || state === "failed") continue;
    const load = loads.get(nodeId) ?? { own: 0, tasks: 0, nanoCpus: 0, memoryBytes: 0 };
    loads.set(nodeId, load);
    load.nanoCpus += template.Resources?.Reservations?.NanoCPUs ?? 0;
    load.memoryBytes += template.Resources?.Reservations?.MemoryBytes ?? 0;
    if (desired !== "running") continue;
    load.tasks++;
    if (serviceId === service.id) load.own++;
  }
  return loads;
}

/** The node on which swarmkit starts the next task of a service; of equal ones the first. */
export function pickNode(
  swarm: FakeTaskHolder,
  service: FakeService,
  nodes: readonly FakeNode[],
): FakeNode | undefined {
  const { Placement, Resources } = service.spec.TaskTemplate;
  const loads = loadsOf(swarm, service);
  const own = (node: FakeNode): number => loads.get(node.id)?.own ?? 0;
  const hasRoom = (node: FakeNode): boolean => {
    const most = Placement?.MaxReplicas ?? 0;
    return (
      (loads.get(node.id)?.nanoCpus ?? 0) + (Resources?.Reservations?.NanoCPUs ?? 0) <= node.nanoCpus &&
      (loads.get(node.id)?.memoryBytes ?? 0) + (Resources?.Reservations?.MemoryBytes ?? 0) <= node.memoryBytes &&
      (most === 0 || own(node) < most)
    );
  };

  // The emptiest branch of each preference in turn, then the emptiest node.
  let open = nodes.filter((node) => isEligible(swarm, service, node) && hasRoom(node));
  let around = nodes;
  for (const { Spread } of Placement?.Preferences ?? []) {
    const branch = (node: FakeNode): string => valueOf(node, Spread.SpreadDescriptor);
    const within = around;
    const load = (value: string): number =>
      within.filter((node) => branch(node) === value).reduce((sum, node) => sum + own(node), 0);
    const values = [...new Set(open.map(branch))].sort((a, b) => load(a) - load(b));
    open = open.filter((node) => branch(node) === values[0]);
    around = around.filter((node) => branch(node) === values[0]);
  }
  const tasks = (node: FakeNode): number => loads.get(node.id)?.tasks ?? 0;
  return [...open].sort((a, b) => own(a) - own(b) || tasks(a) - tasks(b))[0];
}

/** swarmkit's order of slots: the nth task of a node before the n+1st of any, running ones first, unplaced ones last. */
export function bySlotOrder(tasks: readonly FakeTask[], shuffled: <T>(items: readonly T[]) => T[]): FakeTask[] {
  const nth = new Map<string, number>();
  const ranked = shuffled(tasks)
    .sort((a, b) => Number(b.state === "running") - Number(a.state === "running"))
    .map((task) => {
      const rank = (nth.get(task.nodeId) ?? 0) + 1;
      nth.set(task.nodeId, rank);
      return { task, rank: task.nodeId === "" ? Infinity : rank };
    });
  return shuffled(ranked)
    .sort((a, b) => (a.rank === b.rank ? 0 : a.rank - b.rank))
    .map(({ task }) => task);
}
