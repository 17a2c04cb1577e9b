import * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import type { SwarmTarget } from "../swarm/target";
import { lookup, type FromNameArgs, type Reference } from "./lookup";
import { swarmResourceOptions } from "./swarm-resource-options";

/** A network of a swarm, whichever program made it: services take it as one of their `networks`. */
export type NetworkReference = Reference;

/** Arguments of a `SwarmNetwork`: the provider's, and the swarm. */
export interface SwarmNetworkArgs extends docker.NetworkArgs {
  readonly swarm: SwarmTarget;
}

/**
 * An overlay network. Arguments are the Docker provider's; `driver` defaults to `overlay`, and `name`, in the swarm, to the
 * resource's name. A network cannot change while services use it: give a changed one another name.
 */
export class SwarmNetwork extends docker.Network implements NetworkReference {
  constructor(name: string, { swarm, ...args }: SwarmNetworkArgs, opts?: pulumi.CustomResourceOptions) {
    super(name, { name, driver: "overlay", ...args }, swarmResourceOptions(swarm, opts));
  }

  /** A network that is in the swarm already; `up` fails where it is not. */
  static fromName(name: string, args: FromNameArgs, opts?: pulumi.CustomResourceOptions): NetworkReference {
    return lookup("network", name, args, opts);
  }
}
