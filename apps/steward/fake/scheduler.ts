import type { FakeNode, FakeService } from "./shapes.ts";
import type { FakeSwarm } from "./swarm.ts";

function valueOf(node: FakeNode, key: string): string {
  if (key.startsWith("node.labels.")) return node.labels[key.slice("node.labels.".length)] ?? "";
  return { "node.hostname": node.hostname, "node.role": node.role, "node.id": node.id }[key] ?? "";
}

/** The node on which swarmkit starts the next task of a service; of equal ones the first. */
export function place(swarm: FakeSwarm, service: FakeService, nodes: readonly FakeNode[]): FakeNode | undefined {
  const { Placement, Resources } = service.spec.TaskTemplate;
  const all = [...swarm.tasks.values()];
  const active = all.filter(({ desired, nodeId }) => desired === "running" && nodeId !== "");
  const own = active.filter(({ serviceId }) => serviceId === service.id);
  const count = (node: FakeNode): number => own.filter(({ nodeId }) => nodeId === node.id).length;
  const total = (node: FakeNode): number => active.filter(({ nodeId }) => nodeId === node.id).length;

  const takes = (node: FakeNode): boolean => {
    const held = all.filter(({ nodeId }) => nodeId === node.id);
    const cpus = held.reduce((sum, task) => sum + task.cpus, Resources?.Reservations?.NanoCPUs ?? 0);
    const bytes = held.reduce((sum, task) => sum + task.bytes, Resources?.Reservations?.MemoryBytes ?? 0);
    const most = Placement?.MaxReplicas ?? 0;
    return (
      node.state === "ready" &&
      node.availability === "active" &&
      !swarm.shunned.has(node.id) &&
      cpus <= node.nanoCpus &&
      bytes <= node.memoryBytes &&
      (most === 0 || count(node) < most) &&
      (Placement?.Constraints ?? []).every((text) => {
        const [key = "", value] = text.split(/[!=]=/);
        return (valueOf(node, key) === value) === text.includes("==");
      })
    );
  };

  // The emptiest branch of each preference in turn, then the emptiest node.
  let open = nodes.filter(takes);
  let around = nodes;
  for (const { Spread } of Placement?.Preferences ?? []) {
    const branch = (node: FakeNode): string => valueOf(node, Spread.SpreadDescriptor);
    const within = around;
    const load = (value: string): number =>
      within.filter((node) => branch(node) === value).reduce((sum, node) => sum + count(node), 0);
    const values = [...new Set(open.map(branch))].sort((a, b) => load(a) - load(b));
    open = open.filter((node) => branch(node) === values[0]);
    around = around.filter((node) => branch(node) === values[0]);
  }
  return [...open].sort((a, b) => count(a) - count(b) || total(a) - total(b))[0];
}
