import * as pulumi from "@pulumi/pulumi";
import { swarmCommand } from "../remote/swarm-command";
import type { SwarmTarget } from "../swarm/target";
import { scripts } from "./scripts";

/** Something of the swarm that services refer to. */
export interface Reference {
  readonly id: pulumi.Output<string>;
  readonly name: pulumi.Output<string>;
}

/** Arguments of `fromName`. */
export interface FromNameArgs {
  readonly swarm: SwarmTarget;
  /** Its name in the swarm. */
  readonly name: string;
}

/**
 * Refers to something in the swarm that this program did not make, by its name; it is neither changed nor deleted. Its id is
 * looked up once: replace the lookup after somebody has made it again under the same name.
 */
export function lookup(
  kind: "network" | "config" | "secret",
  resourceName: string,
  { swarm, name }: FromNameArgs,
  opts: pulumi.CustomResourceOptions = {},
): Reference {
  const found = swarmCommand(
    resourceName,
    {
      shell: swarm.shell,
      after: [swarm.ready],
      create: scripts("lookup.sh", { KIND: kind, NAME: name }),
      triggers: [swarm.clusterId, name],
    },
    opts,
  );
  return { id: found.stdout, name: pulumi.output(name) };
}
