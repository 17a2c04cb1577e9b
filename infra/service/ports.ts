import type * as pulumi from "@pulumi/pulumi";
import { swarmCommand } from "../remote/swarm-command";
import type { Swarm } from "../swarm/swarm";
import { scripts } from "./scripts";
import { mark } from "./swarm-resource-options";

/** The published ports of each service, by the service's name. */
export type PublishedPorts = Readonly<Record<string, readonly number[]>>;

/**
 * Unpublishes ports that other services get in the same update. Swarm refuses a port that another service publishes, so
 * without it two services could not swap ports, and no service could get the port of one that is removed.
 *
 * Runs again when the ports change. Services with ports depend on it.
 */
export function claimPorts(swarm: Swarm, ports: PublishedPorts): pulumi.Resource {
  const lines = Object.entries(ports).flatMap(([service, list]) => list.map((port) => `${service} ${String(port)}\n`));
  return swarmCommand(
    "published-ports",
    {
      shell: swarm.shell,
      after: [swarm.ready],
      create: scripts("claim-ports.sh", { MADE_BY: mark().value }),
      stdin: lines.join(""),
    },
    { parent: swarm, deletedWith: swarm.deletedWith },
  );
}
