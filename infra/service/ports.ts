import type * as pulumi from "@pulumi/pulumi";
import { swarmCommand } from "../remote/swarm-command";
import type { Swarm } from "../swarm/swarm";
import { scripts } from "./scripts";
import { mark } from "./swarm-resource-options";

/** The published ports of each service, by the service's name. */
export type PublishedPorts = Readonly<Record<string, readonly number[]>>;

/**
 * Unpublishes ports from the services that have them, before the services that get them are updated: Swarm refuses a
 * service whose port another one publishes, so two services that swap ports, or one that gets the port of a service which
 * this update removes, cannot be updated one after the other.
 *
 * Runs again when the ports change. A service with ports depends on it.
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
