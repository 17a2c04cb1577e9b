import type * as docker from "@pulumi/docker";

/** Attributes of a node that constraints can match. Label names match with case. */
export type NodeAttribute = `node.${"id" | "hostname" | "ip" | "role" | "platform.os" | "platform.arch"}` | NodeLabel;

/** A label of the node in the swarm, or of its Docker engine. */
export type NodeLabel = `node.labels.${string}` | `engine.labels.${string}`;

/** A placement constraint in Swarm's words, e.g. `node.labels.db == true`. */
export type Constraint = `${NodeAttribute} ${"==" | "!="} ${string}`;

/** An operating system and an architecture that an image runs on, e.g. `linux` and `amd64`. */
export interface Platform {
  readonly os: string;
  readonly architecture: string;
}

/** On which nodes tasks run. Default: on any. */
export interface Placement {
  /** All of them hold. Default: none. */
  readonly constraints?: readonly Constraint[];
  /**
   * Tasks are spread evenly over the values of this label. Default: over the nodes. One only: the provider keeps preferences as
   * a set, and Docker's order of several would be lost.
   */
  readonly spread?: NodeLabel;
  /** At most this many tasks of a replicated service on one node. Default: 0, which is any number. */
  readonly maxReplicasPerNode?: number;
  /** Default: any. */
  readonly platforms?: readonly Platform[];
}

/** Constraints and the number for a node are always there: without them the provider keeps those of the service. */
export function placementOf({
  constraints = [],
  spread,
  maxReplicasPerNode = 0,
  platforms,
}: Placement): docker.types.input.ServiceTaskSpecPlacement {
  return {
    constraints: [...constraints],
    maxReplicas: maxReplicasPerNode,
    prefs: spread === undefined ? undefined : [spread],
    platforms:
      platforms && platforms.length > 0 ? platforms.map(({ os, architecture }) => ({ os, architecture })) : undefined,
  };
}
