import * as pulumi from "@pulumi/pulumi";
import type { NodePlan } from "../../../infra/net/plan";
import { SwarmConfig } from "../../../infra/service/config";
import { farmService } from "../../../infra/service/farm-service";
import { SwarmNetwork } from "../../../infra/service/network";
import { SwarmService } from "../../../infra/service/service";
import type { Swarm } from "../../../infra/swarm/swarm";
import { keepalivedConfig } from "./keepalived";
import { intervalSeconds, type VirtualAddressPlan } from "./plan";
import { addressWarnings } from "./rules";

interface VirtualAddressesArgs {
  readonly swarm: Swarm;
  readonly image: pulumi.Input<string>;
  readonly plan: Omit<VirtualAddressPlan, "intervalSeconds">;
  /** The farm's nodes: fewer than two that are active are worth a warning. */
  readonly nodes: readonly Pick<NodePlan, "name" | "availability">[];
  /** The load balancer. */
  readonly after: readonly pulumi.Resource[];
}

/**
 * Addresses of the load balancer that one node holds, and another takes when that node or its balancer fails: keepalived on every
 * node, in the node's own network.
 */
export class VirtualAddresses extends pulumi.ComponentResource {
  readonly service: SwarmService;

  constructor(name: string, args: VirtualAddressesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("swarm-farm:vip:VirtualAddresses", name, {}, opts);
    const { swarm, plan, nodes } = args;
    for (const warning of addressWarnings(nodes)) void pulumi.log.warn(warning, this);

    const host = SwarmNetwork.fromName(`${name}-host`, { swarm, name: "host" }, { parent: this });
    const content = swarm.manager.vm.domain.type.apply((type) =>
      keepalivedConfig({ ...plan, intervalSeconds: intervalSeconds(type) }),
    );
    const config = new SwarmConfig(`${name}-config`, { swarm, content, prefix: name }, { parent: this });
    this.service = new SwarmService(
      `${name}-server`,
      farmService({
        swarm,
        service: name,
        after: args.after,
        spec: {
          image: args.image,
          mode: "global",
          limits: { cpus: 0.5, memoryMiB: 64 },
          reservations: { cpus: 0.02, memoryMiB: 16 },
          networks: [{ id: host.id }],
          // keepalived sets its groups before each check, and skips the check if it may not.
          capabilities: { drop: ["ALL"], add: ["NET_ADMIN", "NET_RAW", "SETGID"] },
          env: { NETWORK: plan.cidr, ADDRESSES: plan.addresses.join(" ") },
          configs: [{ config, target: "/etc/keepalived/keepalived.conf" }],
          mounts: [{ type: "tmpfs", target: "/run", sizeMiB: 1 }],
          health: { command: ["/usr/local/sbin/check-health"] },
          stopGraceSeconds: 10,
          // One node after the other, and each hands over first.
          update: { order: "stop-first" },
        },
      }),
      { parent: this },
    );
    this.registerOutputs({});
  }
}
