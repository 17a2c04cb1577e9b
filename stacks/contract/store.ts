import type { FarmPlan } from "../../infra/net/plan";
import type { Placement } from "./placement";

/** A service that has its data on one node. */
interface Store {
  /** Its name in the swarm. */
  readonly service: string;
  /** The key of the configuration that names its node, e.g. `logs.node`. */
  readonly key: string;
  /** The node that the configuration names; undefined where it names none. */
  readonly node: string | undefined;
  /** Its limit. */
  readonly memoryMiB: number;
}

/** The memory that Swarm reserves for it: as much as it uses on a small farm; the rest is for queries and for a start after a crash. */
export function reservedMiB(memoryMiB: number): number {
  return Math.floor(memoryMiB / 2);
}

/** The placements to check of a store: none unless a node is named. */
export function storePlacements({ service, key, node, memoryMiB }: Store): Placement[] {
  if (node === undefined) return [];
  const constraints = [{ constraint: `node.hostname == ${node}`, key }];
  return [{ service, key, constraints, replicas: 1, reservations: { memoryMiB: reservedMiB(memoryMiB) } }];
}

/** The name of the node that a store is on: that of the configuration, else the first manager. */
export function storeNode(node: string | undefined, plan: Pick<FarmPlan, "nodes">): string {
  return node ?? plan.nodes.find(({ role }) => role === "manager")?.name ?? "";
}
