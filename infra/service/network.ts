import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { SwarmTarget } from "../swarm/target";
import { lookup, type FromNameArgs, type Reference } from "./lookup";
import { swarmResourceOptions } from "./swarm-resource-options";

/** A network of a swarm, of this program or another, for the `networks` of a service. */
export type NetworkReference = Reference;

/** Arguments of a `SwarmNetwork`: those of the Docker provider, and the swarm. */
export interface SwarmNetworkArgs extends docker.NetworkArgs {
  readonly swarm: SwarmTarget;
}

/**
 * An overlay network. Arguments are the Docker provider's; `driver` defaults to `overlay`, and `name`, in the swarm, to the
 * resource's name. A network cannot change while services use it: give a changed one another name.
 *
 * `options` count when it is created: Docker adds one of its own, by which each preview would replace the network. One with other
 * options is another resource.
 */
export class SwarmNetwork extends docker.Network implements NetworkReference {
  constructor(name: string, { swarm, ...args }: SwarmNetworkArgs, opts?: pulumi.CustomResourceOptions) {
    super(
      name,
      { name, driver: "overlay", ...args },
      swarmResourceOptions(swarm, args.options ? pulumi.mergeOptions(opts, { ignoreChanges: ["options"] }) : opts),
    );
  }

  /** An existing network of the swarm; `up` fails if there is none. */
  static fromName(name: string, args: FromNameArgs, opts?: pulumi.CustomResourceOptions): NetworkReference {
    return lookup("network", name, args, opts);
  }
}
