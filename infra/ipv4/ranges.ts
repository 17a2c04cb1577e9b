import { contains, overlaps, parseCidr, size, type Network } from "./cidr";

/** Ranges that Linux does not route as addresses of a network (RFC 6890). */
const unusable: readonly (readonly [cidr: string, what: string])[] = [
  ["0.0.0.0/8", "'this network'"],
  ["127.0.0.0/8", "loopback"],
  ["169.254.0.0/16", "link-local"],
  ["224.0.0.0/4", "multicast"],
  ["240.0.0.0/4", "reserved"],
];

/** RFC 1918. */
const privateRanges: readonly string[] = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];

/** Ranges for special purposes, which may be in use beside a farm (RFC 6890). */
const special: readonly (readonly [cidr: string, what: string])[] = [
  ["100.64.0.0/10", "shared with internet providers (carrier-grade NAT)"],
  ["192.0.0.0/24", "reserved for protocols"],
  ["192.0.2.0/24", "for documentation"],
  ["198.18.0.0/15", "for benchmarks"],
  ["198.51.100.0/24", "for documentation"],
  ["203.0.113.0/24", "for documentation"],
];

/**
 * Why a range cannot be the network of a farm, or only with `allowPublic`; undefined if it can.
 *
 * @param allowPublic allows a range that is not private
 */
export function whyNoFarmNetwork(network: Network, allowPublic: boolean): string | undefined {
  const bad = unusable.find(([cidr]) => meets(network, cidr));
  if (bad)
    return `overlaps ${bad[0]}, which is ${bad[1]} and cannot be a network's; use a private range, e.g. 10.77.0.0/24`;
  if (allowPublic || privateRanges.some((cidr) => isInside(network, cidr))) return undefined;
  const [cidr, what] = special.find(([range]) => meets(network, range)) ?? [];
  const why =
    cidr === undefined
      ? "is public: the nodes and this machine could not reach the hosts that have these addresses on the internet"
      : `overlaps ${cidr}, which is ${what ?? ""}`;
  return `${why}; use a private range, e.g. 10.77.0.0/24, or insist with network: { allowPublic: true }`;
}

function meets(network: Network, cidr: string): boolean {
  const other = parseCidr(cidr);
  return other !== undefined && overlaps(network, other);
}

function isInside(network: Network, cidr: string): boolean {
  const outer = parseCidr(cidr);
  return outer !== undefined && contains(outer, network.base) && size(network) <= size(outer);
}
