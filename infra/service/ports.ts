import type * as pulumi from "@pulumi/pulumi";
import { swarmCommand } from "../remote/swarm-command";
import type { Swarm } from "../swarm/swarm";
import { scripts } from "./scripts";

/** The published ports of each service, by the service's name. */
export type PublishedPorts = Readonly<Record<string, readonly number[]>>;

/**
 * Takes ports away from the services that held them, before the services that are to have them are updated: Swarm refuses
 * a service whose port another one publishes, so two services that swap ports, or one that takes the port of a service
 * which this update removes, cannot be updated one after the other.
 *
 * Runs again when the ports change. A service with ports goes after it.
 */
export function claimPorts(swarm: Swarm, ports: PublishedPorts): pulumi.Resource {
  const lines = Object.entries(ports).flatMap(([service, list]) => list.map((port) => `${service} ${String(port)}\n`));
  return swarmCommand(
    "published-ports",
    { ssh: swarm.ssh, after: [swarm.complete], create: scripts("claim-ports.sh", {}), stdin: lines.join("") },
    { parent: swarm, deletedWith: swarm.goneWith },
  );
}
