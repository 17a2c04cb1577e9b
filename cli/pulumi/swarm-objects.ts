import type { Resource } from "./state";

/** What Docker has names for in a swarm, in the order in which it can be removed: a service uses the others. */
export const kinds = ["service", "config", "secret", "network"] as const;
export type Kind = (typeof kinds)[number];

/** Something in a swarm. */
export interface SwarmObject {
  readonly kind: Kind;
  readonly name: string;
  readonly id: string;
}

const kindOfType: Readonly<Record<string, Kind>> = {
  "docker:index/service:Service": "service",
  "docker:index/serviceConfig:ServiceConfig": "config",
  "docker:index/secret:Secret": "secret",
  "docker:index/network:Network": "network",
};

/** What Pulumi made in the swarm, once it has an id there. */
export function swarmObjects(resources: readonly Resource[]): SwarmObject[] {
  return resources.flatMap((resource) => {
    const { id } = resource;
    return id === undefined ? [] : named(resource).map((each) => ({ ...each, id }));
  });
}

/** What Pulumi made in the swarm, or began to make, as `KIND NAME`. */
export function swarmNames(resources: readonly Resource[]): ReadonlySet<string> {
  return new Set(resources.flatMap(named).map(({ kind, name }) => `${kind} ${name}`));
}

function named({ type, inputs, outputs }: Resource): Omit<SwarmObject, "id">[] {
  const kind = kindOfType[type];
  const name = outputs.name ?? inputs.name;
  return kind !== undefined && typeof name === "string" ? [{ kind, name }] : [];
}
