import { contains, formatAddress, nthAddress, parseAddress, size, type Network } from "./cidr";
import type { Problem } from "../config/problem";

/** Where each role's numbered names begin: manager1 is base + 11, worker1 is base + 21. */
const offsets = { manager: 10, worker: 20 } as const;

/** A manager's address comes after them. */
export const maxHosts = offsets.manager;

/** The highest number in a manager's name: the next would be a worker's address. */
const maxManagerNumber = 9;

interface Addressed {
  readonly role: "manager" | "worker";
  readonly address?: string | undefined;
}

/** The address of every node that has one, and what is wrong with the others. */
export interface Assignment {
  readonly addresses: ReadonlyMap<string, string>;
  readonly problems: readonly Problem[];
}

/**
 * Gives every node its address from its own name and role alone, so that adding or removing a node moves no other.
 * A name without a number needs an `address` of its own.
 *
 * @param gateways how many of the network's first addresses are the hosts'
 */
export function assignAddresses(
  network: Network,
  nodes: Readonly<Record<string, Addressed>>,
  gateways = 1,
): Assignment & { problems: Problem[] } {
  const addresses = new Map<string, string>();
  const problems: Problem[] = [];
  const takenBy = new Map<string, string>();
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
    const other = takenBy.get(address);
    if (other) problems.push({ path, message: `'${address}' is already that of '${other}'; set another address` });
    takenBy.set(address, name);
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

function whyUnusable(network: Network, text: string, gateways: number): string | undefined {
  const address = parseAddress(text);
  if (address === undefined) return "is no IPv4 address";
  if (!contains(network, address)) {
    return `is outside ${formatAddress(network.base)}/${String(network.prefix)}`;
  }
  if (address > network.base && address <= network.base + gateways) return "is a host's, as gateway; use another";
  if (address === network.base || address === network.base + size(network) - 1)
    return "is the network's or broadcast address; use another";
  return undefined;
}
