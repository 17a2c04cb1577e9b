import { overlaps, parseAddress, parseCidr } from "../ipv4/cidr";
import type { Problem } from "./problem";
import type { FarmConfig } from "./schema";

/** Facts of the machine that runs the VMs. */
export interface HostFacts {
  readonly memoryMiB: number;
  /** Its networks other than the farm's own, by interface. */
  readonly networks: readonly { readonly interface: string; readonly cidr: string }[];
}

/** Memory that is left to the host itself: its programs and page cache. */
const reservedMemoryMiB = 512;

/** Resources that the machine lacks for the farm's VMs; checked before anything is touched, if they run on this machine. */
export function checkHost(config: FarmConfig, facts: HostFacts): Problem[] {
  return [...networkFree(config, facts), ...memoryFits(config, facts)];
}

/** Settings that a farm on the system's libvirt cannot have: it gives VMs a way out, and the farm does not change that. */
export function checkSystem({ network }: FarmConfig): Problem[] {
  if (network.egress) return [];
  return [
    {
      path: "network.egress",
      message:
        "is false, but this machine's libvirt gives its VMs a way out; remove the key, or build the farm with --isolated",
    },
  ];
}

function networkFree({ network: { cidr } }: FarmConfig, { networks }: HostFacts): Problem[] {
  const required = parseCidr(cidr);
  if (!required) return [];
  return networks.flatMap((other) => {
    const used = networkOf(other.cidr);
    if (!used || !overlaps(required, used)) return [];
    return [
      {
        path: "network.cidr",
        message: `'${cidr}' overlaps ${other.cidr} of interface ${other.interface} on this machine; choose a free range, e.g. 10.78.0.0/24`,
      },
    ];
  });
}

function memoryFits({ nodes }: FarmConfig, { memoryMiB }: HostFacts): Problem[] {
  const required = Object.values(nodes).reduce((sum, node) => sum + node.memoryMiB, 0);
  const free = memoryMiB - reservedMemoryMiB;
  if (required <= free) return [];
  return [
    {
      path: "nodes",
      message: `need ${String(required)} MiB of memory together, this machine can give ${String(free)} MiB; lower the memoryMiB of nodes, or remove one`,
    },
  ];
}

/** The network of an interface's address, e.g. `10.77.0.5/24`. */
function networkOf(cidr: string) {
  const [address = "", prefix = ""] = cidr.split("/");
  const number = parseAddress(address);
  if (number === undefined) return undefined;
  const size = 2 ** (32 - Number(prefix));
  return { base: number - (number % size), prefix: Number(prefix) };
}
