import * as pulumi from "@pulumi/pulumi";
import { remoteCommand } from "../../../infra/remote/command";
import type { Swarm } from "../../../infra/swarm/swarm";
import { installScript, uninstallScript, type HandoverSettings } from "./install";

interface HandoverArgs extends HandoverSettings {
  readonly swarm: Swarm;
}

/**
 * A program on each node that directs new connections to the newest task of the load balancer, while the previous one serves those that
 * it has.
 */
export class Handover extends pulumi.ComponentResource {
  /** Created once every node directs the ports to its task. */
  readonly installed: readonly pulumi.Resource[];

  constructor(name: string, args: HandoverArgs, opts?: pulumi.ComponentResourceOptions) {
    super("swarm-farm:handover:Handover", name, {}, opts);
    const { swarm, service, ports, healthPort } = args;

    this.installed = swarm.nodes.map((node) =>
      remoteCommand(
        `${node.plan.name}-handover`,
        {
          on: node.access,
          create: installScript({ service, ports, healthPort }),
          delete: uninstallScript(),
          triggers: [node.vm.domain.id],
        },
        { parent: this, dependsOn: swarm.dockerReady.get(node.plan.name), deletedWith: node.vm.domain },
      ),
    );
    this.registerOutputs({});
  }
}
