import { contains, formatAddress, nthAddress, parseAddress, size, type Network } from "../ipv4/cidr";
import type { Problem } from "./problem";

/** Offsets of each role's numbered names: manager1 is base + 11, worker1 is base + 21. */
const offsets = { manager: 10, worker: 20 } as const;

/** At most as many hosts: their gateways are below the managers' addresses. */
export const maxHosts = offsets.manager;

/** The highest number in a manager's name: the next would be a worker's address. */
const maxManagerNumber = 9;

interface Addressed {
  readonly role: "manager" | "worker";
  readonly address?: string | undefined;
}

interface Hosted {
  readonly gateway?: string | undefined;
}

/** The address of every node that has one, and the problems of the others. */
export interface Assignment {
  readonly addresses: ReadonlyMap<string, string>;
  readonly problems: readonly Problem[];
}

/**
 * Computes every node's address from its own name and role alone, so that adding or removing a node changes no other.
 * A name without a number needs an `address` of its own.
 *
 * @param hosts their gateways are reserved. Default: one host, with the network's first address
 */
export function assignAddresses(
  network: Network,
  nodes: Readonly<Record<string, Addressed>>,
  hosts: Readonly<Record<string, Hosted>> = { local: {} },
): Assignment & { problems: Problem[] } {
  const addresses = new Map<string, string>();
  const problems: Problem[] = [];
  const usedBy = new Map<string, string>();
  const gateways = new Set(Object.values(hosts).map((host) => gatewayOf(network, host)));
  for (const [name, node] of Object.entries(nodes)) {
    const path = `nodes.${name}.address`;
    const address = node.address ?? computedAddress(network, name, node.role);
    if (address === undefined) {
      problems.push({
        path,
        message: `cannot be computed from the name '${name}' in this network; set it, or use a name such as ${node.role}1`,
      });
      continue;
    }
    const unusable = whyUnusable(network, address, gateways);
    if (unusable) problems.push({ path, message: `'${address}' ${unusable}` });
    const other = usedBy.get(address);
    if (other) problems.push({ path, message: `'${address}' is already that of '${other}'; set another address` });
    usedBy.set(address, name);
    addresses.set(name, address);
  }
  return { addresses, problems };
}

function computedAddress(network: Network, name: string, role: keyof typeof offsets): string | undefined {
  const number = Number(/(\d{1,4})$/.exec(name)?.[1] ?? 0);
  const offset = offsets[role] + number;
  if (number < 1 || (role === "manager" && number > maxManagerNumber) || offset >= size(network) - 1) return undefined;
  return nthAddress(network, offset);
}

/** Why an address of the network cannot be that of a node, or of a service; undefined if it can. */
export function whyUnusable(network: Network, text: string, gateways: ReadonlySet<string>): string | undefined {
  const address = parseAddress(text);
  if (address === undefined) return "is not an IPv4 address";
  if (!contains(network, address)) {
    return `is outside ${formatAddress(network.base)}/${String(network.prefix)}`;
  }
  if (gateways.has(text)) return "is the gateway of a host; use another";
  if (isNetworkOrBroadcast(network, address)) return "is the network's or broadcast address; use another";
  return undefined;
}

function isNetworkOrBroadcast(network: Network, address: number): boolean {
  return address === network.base || address === network.base + size(network) - 1;
}

/** The gateway of a host's nodes. It depends on the host's own keys alone, so that adding or removing a host changes no other. */
export function gatewayOf(network: Network, { gateway }: Hosted): string {
  return gateway ?? nthAddress(network, 1);
}

/** Problems with the hosts' gateways: each has its own, inside the network. */
export function gatewayProblems(network: Network, hosts: Readonly<Record<string, Hosted>>): Problem[] {
  const all = Object.entries(hosts);
  const usedBy = new Map<string, string>();
  const without = all.filter(([, { gateway }]) => gateway === undefined).map(([name]) => name);
  const problems: Problem[] =
    without.length > 1 ? [{ path: "hosts", message: missingGateways(network, Object.keys(hosts), without) }] : [];
  for (const [name, host] of all) {
    const gateway = gatewayOf(network, host);
    const path = `hosts.${name}.gateway`;
    const other = usedBy.get(gateway);
    if (other === undefined) usedBy.set(gateway, name);
    else if (!without.includes(name) || !without.includes(other))
      problems.push({ path, message: `'${gateway}' is already that of host '${other}'; set its own` });
    const address = parseAddress(gateway);
    if (address === undefined) continue;
    const unusable = contains(network, address)
      ? isNetworkOrBroadcast(network, address) && "is the network's or broadcast address; use another"
      : `is outside ${formatAddress(network.base)}/${String(network.prefix)}`;
    if (unusable) problems.push({ path, message: `'${gateway}' ${unusable}` });
  }
  return problems;
}

/** The gateway that an earlier version gave a host: by its position among the sorted names. */
function missingGateways(network: Network, hosts: readonly string[], without: readonly string[]): string {
  const first = nthAddress(network, 1);
  const kept = [...hosts].sort().map((name, i) => `${name}: ${nthAddress(network, i + 1)}`);
  return `${without.map((name) => `'${name}'`).join(", ")} have no gateway; one host may leave it out, and has ${first}: set gateway: to a free address of the network for each host that is new. A farm that ran on several hosts without this key keeps its nodes with ${kept.join(", ")}`;
}
