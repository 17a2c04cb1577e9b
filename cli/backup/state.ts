import { nameOf, type Resource } from "../pulumi/state";
import type { SwarmObject } from "../pulumi/swarm-objects";

/**
 * Objects of a restored swarm whose name Pulumi knows with another id: Pulumi recreated them after the backup. `up` could not
 * create them again while the old ones have their names.
 *
 * @param listed objects from Docker, perhaps with shortened ids
 */
export function outdated(known: readonly SwarmObject[], listed: readonly SwarmObject[]): SwarmObject[] {
  return listed.filter(({ kind, name, id }) => {
    const namesakes = known.filter((other) => other.kind === kind && other.name === name);
    return namesakes.length > 0 && !namesakes.some((other) => other.id.startsWith(id));
  });
}

/** The id of the swarm that Pulumi initialized, if it did. */
export function clusterOf(resources: readonly Resource[]): string | undefined {
  const id = resources.find(({ urn }) => nameOf(urn) === "swarm-init")?.outputs.stdout;
  return typeof id === "string" && id !== "" ? id : undefined;
}

/** A resource of a node's VM. */
export interface Target {
  readonly urn: string;
  /** Seeds are not refreshed: the provider can hang (cli/engine/watchdog.ts). */
  readonly isRead: boolean;
}

/** URNs of the resources that a node's VM needs. */
export function vmTargets(resources: readonly Resource[], node: string): Target[] {
  const names = new Set(["disk", "seed", "data", "domain", "power", "report"].map((part) => `${node}-${part}`));
  return resources.flatMap(({ urn }) => (names.has(nameOf(urn)) ? [{ urn, isRead: !urn.endsWith("-seed") }] : []));
}
