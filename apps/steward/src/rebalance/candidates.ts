import { isActive, isHolding, isOpen, type Node, type Service, type Snapshot } from "../shared/model.ts";
import { attribute, suits } from "./constraint.ts";

/** One node as one service sees it. */
export interface CandidateNode {
  readonly node: Node;
  /** Values of the service's placement preferences here, the first preference first. */
  readonly branch: readonly string[];
  /** This service's tasks here. */
  readonly count: number;
  /** Tasks of all services here: Swarm's tie-breaker. */
  readonly total: number;
  /** How many more of this service's tasks it can take. */
  readonly room: number;
  /** Whether the service's balance is measured over it. */
  readonly eligible: boolean;
}

const counted = (items: readonly { readonly nodeId: string }[]): Map<string, number> => {
  const counts = new Map<string, number>();
  for (const { nodeId } of items) counts.set(nodeId, (counts.get(nodeId) ?? 0) + 1);
  return counts;
};

/** How often `need` goes into `free`; no need goes in any number of times. */
const times = (free: number, need: number): number => (need > 0 ? Math.max(0, Math.floor(free / need)) : Infinity);

/** All nodes as a service sees them. */
export function candidatesOf(service: Service, snapshot: Snapshot): CandidateNode[] {
  const active = snapshot.tasks.filter(isActive);
  const counts = counted(active.filter((task) => task.serviceId === service.id));
  const totals = counted(active);
  const used = reserved(snapshot);
  const rivals = new Set(
    snapshot.services
      .filter((one) => one.hostPorts.some((port) => service.hostPorts.includes(port)))
      .map(({ id }) => id),
  );
  const nodesWithPort = counted(snapshot.tasks.filter((task) => isHolding(task) && rivals.has(task.serviceId)));

  return snapshot.nodes.map((node) => {
    const count = counts.get(node.id) ?? 0;
    const suited = isOpen(node) && suits(service, node);
    const { nanoCpus = 0, memoryBytes = 0 } = used.get(node.id) ?? {};
    const room = Math.min(
      times(node.nanoCpus - nanoCpus, service.reservation.nanoCpus),
      times(node.memoryBytes - memoryBytes, service.reservation.memoryBytes),
      service.maxPerNode > 0 ? Math.max(0, service.maxPerNode - count) : Infinity,
      service.hostPorts.length > 0 ? (nodesWithPort.has(node.id) ? 0 : 1) : Infinity,
    );
    return {
      node,
      branch: service.spread.flatMap((descriptor) => attribute(node, descriptor) ?? []),
      count,
      total: totals.get(node.id) ?? 0,
      room: suited ? room : 0,
      eligible: suited && (room > 0 || count > 0),
    };
  });
}

function reserved(snapshot: Snapshot): Map<string, { nanoCpus: number; memoryBytes: number }> {
  const sums = new Map<string, { nanoCpus: number; memoryBytes: number }>();
  for (const { nodeId, reservation } of snapshot.tasks.filter(isHolding)) {
    const sum = sums.get(nodeId) ?? { nanoCpus: 0, memoryBytes: 0 };
    sums.set(nodeId, {
      nanoCpus: sum.nanoCpus + reservation.nanoCpus,
      memoryBytes: sum.memoryBytes + reservation.memoryBytes,
    });
  }
  return sums;
}

/** `worker-1 4, worker-2 0`: the nodes that matter to a service. */
export const describe = (candidates: readonly CandidateNode[]): string =>
  candidates
    .filter(({ eligible, count }) => eligible || count > 0)
    .map(({ node, count }) => `${node.hostname} ${count}`)
    .sort()
    .join(", ") || "no node";
