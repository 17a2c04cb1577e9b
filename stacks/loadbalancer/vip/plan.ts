import { contains, parseAddress, parseCidr } from "../../../infra/ipv4/cidr";

/** Everything that the configuration of keepalived is rendered from. No node is in it: a node more or less changes nothing here. */
export interface VirtualAddressPlan {
  readonly addresses: readonly string[];
  /** The farm's network, in which nodes have their own addresses, e.g. `10.77.0.0/24`. */
  readonly cidr: string;
  /** The port of every node at which its load balancer answers `/healthz`. */
  readonly healthPort: number;
  /** VRRP's advertisement interval. After three of them, and a part of another, the next node has the address. */
  readonly intervalSeconds: number;
}

/** VRRP's id of the router that an address is, from 1 to 255; unique on a network. */
export function routerId(cidr: string, address: string): number {
  const network = parseCidr(cidr);
  const number = parseAddress(address);
  if (!network || number === undefined || !contains(network, number))
    throw new Error(`unchecked virtual address '${address}' of the network '${cidr}'`);
  return ((number - network.base) % 255) + 1;
}

/**
 * VRRP's advertisement interval for a domain type. An emulated node that starts many tasks sends nothing for a second or two, and the
 * address would change between nodes that are well.
 */
export function intervalSeconds(domainType: string | undefined): number {
  return domainType === "kvm" ? 1 : 3;
}
