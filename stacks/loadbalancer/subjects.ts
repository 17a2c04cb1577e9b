import type { FarmPlan } from "../../infra/net/plan";
import { contains, formatAddress, parseAddress, parseCidr, size } from "../../infra/ipv4/cidr";
import type { LoadBalancerConfig } from "./schema";

/** How many addresses in a row are on a certificate for one node. manager1 to worker10 are one such block of a /24. */
const blockSize = 32;

/** The subjects of the farm's certificate: the host names and addresses of the load balancer. */
export function subjectsOf(
  { hostnames, vip = [], drainSeconds }: Pick<LoadBalancerConfig, "hostnames" | "vip" | "drainSeconds">,
  { nodes, network }: Pick<FarmPlan, "nodes" | "network">,
): string[] {
  const addresses = nodes.map(({ address }) => address);
  if (drainSeconds === undefined) return [...hostnames, ...vip, ...addresses, "127.0.0.1"];
  return [...new Set([...hostnames, ...vip, ...withNeighbours(addresses, network.cidr), "127.0.0.1"])];
}

/**
 * The addresses of nodes, and those beside them in their blocks: for a node that comes the certificate stays the same, and so do the tasks
 * that have it. An address that no node has is of no use to anybody else, since only the load balancer has the key.
 */
function withNeighbours(addresses: readonly string[], cidr: string): string[] {
  const network = parseCidr(cidr);
  if (!network) return [...addresses];
  const blocks = [...new Set(addresses.map((address) => Math.floor((parseAddress(address) ?? 0) / blockSize)))];
  const isUsable = (number: number) =>
    contains(network, number) && number !== network.base && number !== network.base + size(network) - 1;
  return blocks
    .sort((a, b) => a - b)
    .flatMap((block) => Array.from({ length: blockSize }, (_, at) => block * blockSize + at))
    .filter(isUsable)
    .map(formatAddress);
}
