import type * as pulumi from "@pulumi/pulumi";
import type { Swarm } from "../swarm/swarm";

/**
 * How everything is made that lives in the swarm's own state: through a manager, gone with the swarm without a call, and
 * made anew when the swarm had to be.
 */
export function inSwarm(swarm: Swarm, parent: pulumi.Resource = swarm): pulumi.CustomResourceOptions {
  return {
    parent,
    provider: swarm.provider,
    deletedWith: swarm.goneWith,
    replacementTrigger: swarm.cluster,
    // What a service uses cannot be removed before the service uses another; the provider would have it the other way.
    deleteBeforeReplace: false,
  };
}
