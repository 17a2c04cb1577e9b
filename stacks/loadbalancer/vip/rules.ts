import { assignAddresses, gatewayOf, whyUnusable } from "../../../infra/config/addresses";
import type { Problem } from "../../../infra/config/problem";
import type { FarmConfig } from "../../../infra/config/schema";
import { parseCidr } from "../../../infra/ipv4/cidr";
import { routerId } from "./plan";

type Farm = Pick<FarmConfig, "network" | "hosts" | "nodes">;

/** Virtual addresses are free addresses of the farm's network, each once, and VRRP can tell them apart. */
export function addressProblems(vip: readonly string[], { network, hosts, nodes }: Farm): Problem[] {
  const cidr = parseCidr(network.cidr);
  // Other rules report what is wrong with the network itself.
  if (!cidr) return [];
  const gateways = new Set(Object.values(hosts).map((host) => gatewayOf(cidr, host)));
  const users = new Map([...assignAddresses(cidr, nodes, hosts).addresses].map(([name, address]) => [address, name]));
  const seen = new Map<number, string>();
  return vip.flatMap((address): Problem[] => {
    const problem = (why: string) => [{ path: "loadbalancer.vip", message: `'${address}' ${why}` }];
    const unusable = whyUnusable(cidr, address, gateways);
    if (unusable !== undefined) return problem(unusable);
    const node = users.get(address);
    if (node !== undefined) return problem(`is the address of node '${node}'; use one that no node gets by its name`);
    const id = routerId(network.cidr, address);
    const other = seen.get(id);
    seen.set(id, address);
    if (other === address) return problem("is listed twice; remove one of them");
    if (other === undefined) return [];
    return problem(
      `has the virtual router id ${String(id)}, as '${other}' has; use another, which is no multiple of 255 away`,
    );
  });
}

/** Allowed settings of little use: addresses that only one node can hold. */
export function addressWarnings(nodes: readonly { readonly name: string; readonly availability: string }[]): string[] {
  const [first, ...others] = nodes.filter(({ availability }) => availability === "active");
  if (others.length > 0) return [];
  const who = first === undefined ? "no node is active" : `'${first.name}' is the only active node`;
  return [`loadbalancer.vip: ${who}, and no other can take its addresses; add a node, or make one active`];
}
