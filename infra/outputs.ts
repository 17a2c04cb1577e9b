import * as pulumi from "@pulumi/pulumi";
import { expiryOf } from "./keys/expiry";
import type { FarmPlan, NodePlan } from "./net/plan";
import type { PatchLevel } from "./swarm/patch-level";

/** A node in the Pulumi stack's outputs: its plan, and the patch level that it reports. */
export type NodeOutput = Pick<NodePlan, "name" | "role" | "host" | "address" | "labels"> & {
  readonly patchLevel: pulumi.Output<PatchLevel | undefined>;
};

/** The nodes for the table of `./farm outputs`. */
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

/** When each certificate expires, in ISO 8601, for `./farm up`, which reports those that expire soon. */
export function expiriesOf(certificates: Readonly<Record<string, pulumi.Output<string>>>) {
  return pulumi.all(certificates).apply((pems) =>
    Object.fromEntries(
      Object.entries(pems).flatMap(([name, pem]) => {
        const expiry = expiryOf(pem);
        return expiry === undefined ? [] : [[name, expiry] as const];
      }),
    ),
  );
}
