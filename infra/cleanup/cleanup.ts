import * as pulumi from "@pulumi/pulumi";
import type { Farm } from "../libvirt/farm";
import type { Registry } from "../registry/registry";
import { remoteCommand } from "../remote/command";
import type { Swarm } from "../swarm/swarm";
import { installScript, uninstallScript } from "./install";

interface CleanupArgs {
  readonly farm: Farm;
  readonly swarm: Swarm;
  /** It has every image that the program pushes. */
  readonly registry: Registry;
  /** How long an image must have been unused before it is removed. */
  readonly afterHours: number;
}

/**
 * A timer on each node that removes unused images once a day, with or without `up`; on the first manager it removes those of
 * the registry too.
 */
export class Cleanup extends pulumi.ComponentResource {
  constructor(name: string, args: CleanupArgs, opts?: pulumi.ComponentResourceOptions) {
    super("swarm-farm:cleanup:Cleanup", name, {}, opts);
    const { farm, swarm, registry, afterHours } = args;

    for (const node of farm.nodes) {
      const { name: host } = node.plan;
      const images = node === swarm.manager ? registry.images : undefined;
      remoteCommand(
        `${host}-cleanup`,
        {
          on: node.access,
          create: installScript({ afterHours, images }),
          delete: uninstallScript(),
          triggers: [node.vm.domain.id],
        },
        { parent: this, dependsOn: swarm.dockerReady.get(host), deletedWith: node.vm.domain },
      );
    }

    this.registerOutputs({});
  }
}
