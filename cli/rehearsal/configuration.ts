import { fewNodes, type RawNode } from "./few-nodes";

/** Keys of the farm without the project's name, as the file has them: `{ secure: … }` is a value that Pulumi has encrypted. */
export type Keys = Readonly<Record<string, unknown>>;

/** The part of the configuration that a step of a rehearsal needs. */
export interface Part {
  /** The name of the farm that is rehearsed. */
  readonly farm: string;
  /** `data`: the nodes and the backups alone, so that volumes are there before a service is. `all`: every stack. */
  readonly stacks: "data" | "all";
  /** Nodes that must be there under their own name, since a volume is restored to them. */
  readonly needed: readonly string[];
  /** Whether the nodes are all those of the farm. */
  readonly everyNode: boolean;
  /** Whether the nodes have a way out, to where the repositories are. */
  readonly egress: boolean;
  /** Whether scheduled backups are restored; without, there is no such stack. */
  readonly backups: boolean;
  /** The repositories' password as the file has it; undefined where the configuration sets it. */
  readonly password?: unknown;
}

/** Keys that are no stack's. */
const farmKeys = ["hosts", "network", "image", "nodes", "rotate", "cleanup"];

/**
 * The configuration of the farm that a rehearsal builds: the stacks are the same, on as few nodes as have a place for them, on this machine.
 * It has nothing by which it could act outside: no way out with services, no receiver of alerts, no address that moves, no ACME directory, no
 * login provider, and no backups of its own.
 */
export function rehearsalKeys(keys: Keys, part: Part): Keys {
  const nodes = mapOf(keys.nodes) as Readonly<Record<string, RawNode>>;
  const { nodes: _, ...others } = keys;
  const needed = new Set([...part.needed, ...namedIn(others, Object.keys(nodes))]);
  const derived: Record<string, unknown> = {
    ...(part.stacks === "all" ? keys : only(keys, farmKeys)),
    hosts: hostOf(keys),
    network: { ...mapOf(keys.network), egress: part.egress },
    nodes: part.everyNode ? withoutHosts(nodes) : fewNodes(nodes, needed),
  };
  delete derived.backups;
  if (part.backups) derived.backups = backupsOf(mapOf(keys.backups), part);
  if (derived.loadbalancer !== undefined) derived.loadbalancer = loadBalancerOf(mapOf(derived.loadbalancer));
  if (derived.monitoring !== undefined) derived.monitoring = without(mapOf(derived.monitoring), "alerts");
  return derived;
}

/** A top-level key that the rehearsal changes and cannot read; undefined if there is none. */
export function unreadable(keys: Keys): string | undefined {
  return ["nodes", "hosts", "network", "loadbalancer", "monitoring", "backups"].find((key) => isSecure(keys[key]));
}

/** Whether a value is encrypted, or has one that is. */
export function hasSecrets(value: unknown): boolean {
  return isSecure(value) || (typeof value === "object" && value !== null && Object.values(value).some(hasSecrets));
}

export function mapOf(value: unknown): Keys {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Keys) : {};
}

function isSecure(value: unknown): boolean {
  const map = mapOf(value);
  return Object.keys(map).length === 1 && typeof map.secure === "string";
}

function only(keys: Keys, names: readonly string[]): Keys {
  return Object.fromEntries(Object.entries(keys).filter(([key]) => names.includes(key)));
}

function without(map: Keys, ...names: readonly string[]): Keys {
  return Object.fromEntries(Object.entries(map).filter(([key]) => !names.includes(key)));
}

/** One libvirt of this machine, which emulates where one of the farm's is configured to. */
function hostOf({ hosts }: Keys): Keys {
  const all = Object.values(mapOf(hosts)).map(mapOf);
  const virtualization = all.find((host) => host.virtualization !== undefined)?.virtualization;
  return { local: { uri: "qemu:///system", ...(virtualization === undefined ? {} : { virtualization }) } };
}

function withoutHosts(nodes: Readonly<Record<string, RawNode>>): Keys {
  return Object.fromEntries(Object.entries(nodes).map(([name, node]) => [name, without(node, "host")]));
}

/** Nodes that a key names, such as `monitoring.node`. */
function namedIn(value: unknown, names: readonly string[]): string[] {
  if (typeof value === "string") return names.filter((name) => name === value);
  return typeof value === "object" && value !== null
    ? Object.values(value).flatMap((each: unknown) => namedIn(each, names))
    : [];
}

function backupsOf(backups: Keys, { stacks, password, farm }: Part): Keys {
  const { s3, sftp } = mapOf(backups.to);
  // By default the repositories are below the farm's name, and this farm has another one.
  const to = {
    ...mapOf(backups.to),
    ...(s3 === undefined ? {} : { s3: { prefix: farm, ...mapOf(s3) } }),
    ...(sftp === undefined ? {} : { sftp: { path: farm, ...mapOf(sftp) } }),
  };
  return {
    ...(stacks === "all" ? backups : only(backups, ["password"])),
    to,
    ...(password === undefined ? {} : { password }),
    readOnly: true,
  };
}

/** Names are resolved by the rehearsal itself, and the farm's own CA signs. */
function loadBalancerOf(loadbalancer: Keys): Keys {
  const routes = Object.entries(mapOf(loadbalancer.routes)).map(([name, route]): [string, unknown] => {
    const map = mapOf(route);
    return [name, map.login === "oidc" ? { ...map, login: true } : route];
  });
  return {
    ...without(loadbalancer, "vip", "certificate", "hsts", "oidc"),
    ...(loadbalancer.routes === undefined ? {} : { routes: Object.fromEntries(routes) }),
  };
}
