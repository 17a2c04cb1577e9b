import { nameOf, type Resource } from "../pulumi/state";
import type { SwarmObject } from "../pulumi/swarm-objects";

/**
 * What a restored swarm has under a name that Pulumi knows with another id: Pulumi made another one since the backup, and the
 * older one would be in the way when `up` finds that one gone and creates it again.
 *
 * @param listed as Docker lists them, maybe with shortened ids
 */
export function outdated(known: readonly SwarmObject[], listed: readonly SwarmObject[]): SwarmObject[] {
  return listed.filter(({ kind, name, id }) => {
    const namesakes = known.filter((other) => other.kind === kind && other.name === name);
    return namesakes.length > 0 && !namesakes.some((other) => other.id.startsWith(id));
  });
}

/** The id of the swarm that Pulumi made, if it made one. */
export function clusterOf(resources: readonly Resource[]): string | undefined {
  const id = resources.find(({ urn }) => nameOf(urn) === "swarm-init")?.outputs.stdout;
  return typeof id === "string" && id !== "" ? id : undefined;
}

/** A resource of a node's VM. */
export interface Target {
  readonly urn: string;
  /** A seed is not read back, which the provider can wait for without an end. */
  readonly isRead: boolean;
}

/** What has to be created for the VM of a node alone. */
export function machineTargets(resources: readonly Resource[], node: string): Target[] {
  const names = new Set(["disk", "seed", "data", "domain", "power", "report"].map((part) => `${node}-${part}`));
  return resources.flatMap(({ urn }) => (names.has(nameOf(urn)) ? [{ urn, isRead: !urn.endsWith("-seed") }] : []));
}
