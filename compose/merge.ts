import type { Mapping } from "./decode/values";
import type { DeployPart, NetworkPart, ResourcesPart, ServicePart } from "./part";
import type { ComposePort } from "./service";

/** A service of two files as docker merges them: what the later file says wins, lists append. */
export function mergeServices(base: ServicePart, over: ServicePart): ServicePart {
  return {
    ...overridden(base, over),
    key: over.key,
    at: over.at,
    places: new Map([...base.places, ...over.places]),
    // What docker keeps where the later file says an empty value.
    image: filled(over.image, base.image),
    hostname: filled(over.hostname, base.hostname),
    user: filled(over.user, base.user),
    workingDir: filled(over.workingDir, base.workingDir),
    stopSignal: filled(over.stopSignal, base.stopSignal),
    restart: filled(over.restart, base.restart),
    readOnly: filled(over.readOnly, base.readOnly),
    tty: filled(over.tty, base.tty),
    stdinOpen: filled(over.stdinOpen, base.stdinOpen),
    oomScoreAdj: filled(over.oomScoreAdj, base.oomScoreAdj),
    entrypoint: over.entrypoint?.length ? over.entrypoint : base.entrypoint,
    command: over.command?.length ? over.command : base.command,
    environment: mergeMappings(base.environment, over.environment),
    labels: mergeMappings(base.labels, over.labels),
    capAdd: [...base.capAdd, ...over.capAdd],
    capDrop: [...base.capDrop, ...over.capDrop],
    sysctls: new Map([...base.sysctls, ...over.sysctls]),
    hosts: [...base.hosts, ...over.hosts],
    dns: [...base.dns, ...over.dns],
    dnsSearch: [...base.dnsSearch, ...over.dnsSearch],
    ulimits: new Map([...base.ulimits, ...over.ulimits]),
    credentialSpec: new Map([...base.credentialSpec, ...over.credentialSpec]),
    healthCheck: mergeHealth(base.healthCheck, over.healthCheck),
    logging: mergeLogging(base.logging, over.logging),
    ports: mergePorts(base.ports, over.ports),
    networks: mergeNetworks(base.networks, over.networks),
    volumes: byKey([...base.volumes, ...over.volumes], ({ target }) => target, over.volumes),
    tmpfs: byKey([...base.tmpfs, ...over.tmpfs], ({ target }) => target, over.tmpfs),
    configs: byKey([...base.configs, ...over.configs], ({ source }) => source, over.configs),
    secrets: byKey([...base.secrets, ...over.secrets], ({ source }) => source, over.secrets),
    dependsOn: new Map([...base.dependsOn, ...over.dependsOn]),
    links: [...base.links, ...over.links],
    profiles: [...new Set([...base.profiles, ...over.profiles])],
    deploy: mergeDeploy(base.deploy, over.deploy),
  };
}

/** The first, unless it is empty. */
function filled<T extends string | number | boolean>(first: T | undefined, second: T | undefined): T | undefined {
  return first === undefined || first === "" || first === 0 || first === false ? second : first;
}

/** The fields of both; a field that is undefined in the later one is that of the earlier one. */
function overridden<T extends object>(base: T, over: T): T {
  return { ...base, ...Object.fromEntries(Object.entries(over).filter(([, value]) => value !== undefined)) };
}

/** Docker lets an empty value not win. */
function mergeMappings(base: Mapping, over: Mapping): Mapping {
  const wins = [...over].filter(([name, value]) => !base.get(name) || (value !== undefined && value !== ""));
  return new Map([...base, ...wins]);
}

function mergeHealth(base: ServicePart["healthCheck"], over: ServicePart["healthCheck"]): ServicePart["healthCheck"] {
  if (base === undefined || over === undefined) return over ?? base;
  return { ...overridden(base, over), ...(over.test ? { test: [...(base.test ?? []), ...over.test] } : {}) };
}

function mergeLogging(base: ServicePart["logging"], over: ServicePart["logging"]): ServicePart["logging"] {
  if (base === undefined || over === undefined) return over ?? base;
  if (base.driver && over.driver && base.driver !== over.driver) return over;
  return { driver: filled(base.driver, over.driver), options: mergeMappings(base.options, over.options) };
}

/** By published port, with those that Swarm chooses as one. */
function mergePorts(base: readonly ComposePort[], over: readonly ComposePort[]): readonly ComposePort[] {
  return byKey([...base, ...over], ({ published = 0 }) => published, over);
}

/** The last of each key, sorted by it; the list as it is where the later file has none. */
function byKey<T>(all: readonly T[], keyOf: (item: T) => string | number, over: readonly T[]): readonly T[] {
  if (over.length === 0) return all;
  return [...new Map(all.map((item) => [keyOf(item), item])).entries()]
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
    const said = use.aliases !== undefined || use.driverOpts !== undefined;
    merged.set(name, before === undefined ? use : said ? { ...before, aliases: use.aliases } : before);
  }
  return merged;
}

function mergeDeploy(base: DeployPart, over: DeployPart): DeployPart {
  return {
    ...overridden(base, over),
    labels: mergeMappings(base.labels, over.labels),
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
