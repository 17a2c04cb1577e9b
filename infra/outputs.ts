import type * as pulumi from "@pulumi/pulumi";
import type { FarmPlan, NodePlan } from "./net/plan";
import type { PatchLevel } from "./swarm/patch-level";

/** A node as the stack's outputs tell it: what is planned, and what it says it runs. */
export type NodeOutput = Pick<NodePlan, "name" | "role" | "host" | "address" | "labels"> & {
  readonly patchLevel: pulumi.Output<PatchLevel | undefined>;
};

/** The nodes for `./farm outputs` and its table. */
export function describeNodes(plan: FarmPlan, patchLevels: pulumi.Output<Record<string, PatchLevel>>): NodeOutput[] {
  return plan.nodes.map(({ name, role, host, address, labels }) => ({
    name,
    role,
    host,
    address,
    labels,
    patchLevel: patchLevels.apply((levels) => levels[name]),
  }));
}
