import type { Resource } from "./state";

/** Kinds of swarm objects, in order of removal: services use the others. */
export const kinds = ["service", "config", "secret", "network"] as const;
export type Kind = (typeof kinds)[number];

/** An object in a swarm. */
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

/** Objects of the state in the swarm, with their ids. */
export function swarmObjects(resources: readonly Resource[]): SwarmObject[] {
  return resources.flatMap((resource) => {
    const { id } = resource;
    return id === undefined ? [] : named(resource).map((each) => ({ ...each, id }));
  });
}

/** Objects of the state in the swarm, or being created there, as `KIND NAME`. */
export function swarmNames(resources: readonly Resource[]): ReadonlySet<string> {
  return new Set(resources.flatMap(named).map(({ kind, name }) => `${kind} ${name}`));
}

function named({ type, inputs, outputs }: Resource): Omit<SwarmObject, "id">[] {
  const kind = kindOfType[type];
  const name = outputs.name ?? inputs.name;
  return kind !== undefined && typeof name === "string" ? [{ kind, name }] : [];
}
