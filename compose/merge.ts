import type { Mapping } from "./decode/values";
import type { DeployPart, NetworkPart, ResourcesPart, ServicePart } from "./decode/part";
import type { ComposePort } from "./model/service";

/** A service of two files as docker merges them: what the later file says wins, lists append. */
export function mergeServices(base: ServicePart, over: ServicePart): ServicePart {
  return {
    ...overridden(base, over),
    key: over.key,
    at: over.at,
    positions: new Map([...base.positions, ...over.positions]),
    build: mergeBuilds(base.build, over.build),
    environment: mergeEnvironments(base.environment, over.environment),
    labels: new Map([...base.labels, ...over.labels]),
    capAdd: [...base.capAdd, ...over.capAdd],
    capDrop: [...base.capDrop, ...over.capDrop],
    sysctls: new Map([...base.sysctls, ...over.sysctls]),
    hosts: [...base.hosts, ...over.hosts],
    dns: [...base.dns, ...over.dns],
    dnsSearch: [...base.dnsSearch, ...over.dnsSearch],
    dnsOptions: [...base.dnsOptions, ...over.dnsOptions],
    groups: [...base.groups, ...over.groups],
    ulimits: new Map([...base.ulimits, ...over.ulimits]),
    credentialSpec: new Map([...base.credentialSpec, ...over.credentialSpec]),
    healthCheck: mergeHealth(base.healthCheck, over.healthCheck),
    logging: mergeLogging(base.logging, over.logging),
    ports: mergePorts(base.ports, over.ports),
    networks: mergeNetworks(base.networks, over.networks),
    volumes: byKey(base.volumes, over.volumes, ({ target }) => target),
    tmpfs: byKey(base.tmpfs, over.tmpfs, ({ target }) => target),
    configs: byKey(base.configs, over.configs, ({ source }) => source),
    secrets: byKey(base.secrets, over.secrets, ({ source }) => source),
    dependsOn: new Map([...base.dependsOn, ...over.dependsOn]),
    links: [...base.links, ...over.links],
    externalLinks: [...base.externalLinks, ...over.externalLinks],
    volumesFrom: [...base.volumesFrom, ...over.volumesFrom],
    profiles: [...new Set([...base.profiles, ...over.profiles])],
    deploy: mergeDeploy(base.deploy, over.deploy),
  };
}

/** Numbers that docker lets win as 0: it merges pointers to them by themselves. */
const zeroWins = new Set(["parallelism", "replicas", "maxAttempts", "retries"]);

/** The fields of both; an empty value of the later one wins only where the earlier one has none. */
function overridden<T extends object>(base: T, over: T): T {
  const wins = Object.entries(over).filter(
    ([name, value]) =>
      value !== undefined &&
      (!isEmpty(value) || (value === 0 && zeroWins.has(name)) || base[name as keyof T] === undefined),
  );
  return { ...base, ...Object.fromEntries(wins) };
}

function isEmpty(value: unknown): boolean {
  return (
    value === undefined ||
    value === "" ||
    value === 0 ||
    value === false ||
    (Array.isArray(value) && value.length === 0)
  );
}

/** Docker merges pointers to these values, and an empty one does not win; labels and options are texts, where it does. */
function mergeEnvironments(base: Mapping, over: Mapping): Mapping {
  const wins = [...over].filter(([name, value]) => !base.get(name) || (value !== undefined && value !== ""));
  return new Map([...base, ...wins]);
}

function mergeBuilds(base: ServicePart["build"], over: ServicePart["build"]): ServicePart["build"] {
  if (base === undefined || over === undefined) return over ?? base;
  return { ...overridden(base, over), args: new Map([...base.args, ...over.args]) };
}

function mergeHealth(base: ServicePart["healthCheck"], over: ServicePart["healthCheck"]): ServicePart["healthCheck"] {
  if (base === undefined || over === undefined) return over ?? base;
  return { ...overridden(base, over), ...(over.test ? { test: [...(base.test ?? []), ...over.test] } : {}) };
}

function mergeLogging(base: ServicePart["logging"], over: ServicePart["logging"]): ServicePart["logging"] {
  if (base === undefined || over === undefined) return over ?? base;
  if (base.driver && over.driver && base.driver !== over.driver) return over;
  return {
    driver: isEmpty(base.driver) ? over.driver : base.driver,
    options: new Map([...base.options, ...over.options]),
  };
}

/** By published port, with those that Swarm chooses as one. */
function mergePorts(base: readonly ComposePort[], over: readonly ComposePort[]): readonly ComposePort[] {
  return byKey(base, over, ({ published = 0 }) => published);
}

/** The last of each key, sorted by it, also where the later file has none; the later list as it is where the earlier has none. */
function byKey<T>(base: readonly T[], over: readonly T[], keyOf: (item: T) => string | number): readonly T[] {
  if (base.length === 0) return over;
  return [...new Map([...base, ...over].map((item) => [keyOf(item), item])).entries()]
    .sort(([a], [b]) => (a < b ? -1 : Number(a > b)))
    .map(([, item]) => item);
}

function mergeNetworks(
  base: ReadonlyMap<string, NetworkPart>,
  over: ReadonlyMap<string, NetworkPart>,
): ReadonlyMap<string, NetworkPart> {
  const merged = new Map(base);
  for (const [name, use] of over) {
    const before = base.get(name);
    // Docker takes only the aliases of the later file, where both say something.
    merged.set(name, before?.given ? (use.given ? { ...before, aliases: use.aliases } : before) : use);
  }
  return merged;
}

function mergeDeploy(base: DeployPart, over: DeployPart): DeployPart {
  return {
    ...overridden(base, over),
    labels: new Map([...base.labels, ...over.labels]),
    limits: mergeResources(base.limits, over.limits),
    reservations: mergeResources(base.reservations, over.reservations),
    restartPolicy: mergeOptional(base.restartPolicy, over.restartPolicy),
    update: mergeOptional(base.update, over.update),
    rollback: mergeOptional(base.rollback, over.rollback),
    constraints: [...base.constraints, ...over.constraints],
    spread: [...base.spread, ...over.spread],
  };
}

function mergeResources(base: ResourcesPart, over: ResourcesPart): ResourcesPart {
  const generic = [...(base.generic ?? []), ...(over.generic ?? [])];
  return { ...overridden(base, over), generic };
}

function mergeOptional<T extends object>(base: T | undefined, over: T | undefined): T | undefined {
  return base === undefined || over === undefined ? (over ?? base) : overridden(base, over);
}
