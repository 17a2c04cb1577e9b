import type { Registered } from "./mocks";

/** Changes that a preview would show between two runs of the program, each resource as `parent > name: type`, sorted. */
export interface Difference {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly string[];
}

export function differenceBetween(before: readonly Registered[], after: readonly Registered[]): Difference {
  const old = new Map(before.map((resource) => [key(resource), resource]));
  const now = new Map(after.map((resource) => [key(resource), resource]));
  const isChanged = (at: string) => {
    const ignored = now.get(at)?.ignoreChanges ?? [];
    const seen = (resource?: Registered) =>
      Object.entries(resource?.inputs ?? {}).filter(([name]) => !ignored.includes(name));
    return JSON.stringify(seen(old.get(at))) !== JSON.stringify(seen(now.get(at)));
  };
  return {
    added: [...now.keys()].filter((at) => !old.has(at)).sort(),
    removed: [...old.keys()].filter((at) => !now.has(at)).sort(),
    changed: [...now.keys()].filter((at) => old.has(at) && isChanged(at)).sort(),
  };
}

/** Nothing but these is touched. */
export function only(...changed: readonly string[]): Difference {
  return { added: [], removed: [], changed: [...changed].sort() };
}

/** A service and the wait for it, which change together. */
export function rolled(name: string): string[] {
  return [
    `${name} > ${name}-converged: command:local:Command`,
    `${name} > ${name}-service: docker:index/service:Service`,
  ];
}

/** A file as a Swarm config. */
export function config(parent: string, name: string): string {
  return `${parent} > ${name}: docker:index/serviceConfig:ServiceConfig`;
}

export function secret(parent: string, name: string): string {
  return `${parent} > ${name}: docker:index/secret:Secret`;
}

/** A command on the machine that runs Pulumi. */
export function local(parent: string, name: string): string {
  return `${parent} > ${name}: command:local:Command`;
}

function key({ parent, name, type }: Registered): string {
  return `${parent} > ${name}: ${type}`;
}
