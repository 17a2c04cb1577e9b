import * as pulumi from "@pulumi/pulumi";
import type { FarmConfig } from "./config/schema";
import { expiryOf } from "./keys/expiry";
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

/** Where a person opens what runs: through the load balancer where there is one, else by the mesh of the first node. */
export function urlsOf(plan: FarmPlan, config: FarmConfig, ready: pulumi.Output<unknown>) {
  const address = plan.nodes[0]?.address ?? "";
  const urls: Record<string, string> = { hello: `http://${address}:${String(config.hello.port)}` };
  const { loadbalancer } = config;
  if (loadbalancer) {
    const port = loadbalancer.httpsPort === 443 ? "" : `:${String(loadbalancer.httpsPort)}`;
    const deployed = { lamp: config.lamp, visualizer: config.visualizer, admin: config.lamp?.admin };
    for (const name of ["lamp", "visualizer", "admin"] as const) {
      const route = loadbalancer.routes[name];
      if (route && deployed[name]) urls[name] = `https://${route.host ?? address}${port}${route.path}`;
    }
  } else if (config.lamp) urls.lamp = `http://${address}:${String(config.lamp.port)}`;
  // Known only when the services are there, so that nobody is sent to a page that does not answer.
  return ready.apply(() => urls);
}

/** When each certificate expires, in ISO 8601, for `./farm up`, which reports those that end soon. */
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
