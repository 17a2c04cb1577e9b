import * as pulumi from "@pulumi/pulumi";
import { swarmCommand } from "../remote/swarm-command";
import type { SwarmTarget } from "../swarm/target";
import { scripts } from "./scripts";

/** A network, config or secret of the swarm, by its id. */
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
 * Looks up a network, config or secret of another program by its name; this program neither changes nor deletes it. The id is
 * looked up once: if it was recreated under the same name, replace the lookup.
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
