import { overlaps, parseAddress, parseCidr } from "../ipv4/cidr";
import type { Problem } from "./problem";
import type { FarmConfig } from "./schema";

/** What a machine that is to run VMs says of itself. */
export interface HostFacts {
  readonly memoryMiB: number;
  /** Its networks other than the farm's own, by interface. */
  readonly networks: readonly { readonly interface: string; readonly cidr: string }[];
}

/** Docker, the page cache and everything else on the host want some memory too. */
const reservedMemoryMiB = 512;

/** What this machine cannot give: checked before anything is touched, where the farm's VMs are to run here. */
export function checkHost(config: FarmConfig, facts: HostFacts): Problem[] {
  return [...networkFree(config, facts), ...memoryFits(config, facts)];
}

function networkFree({ network: { cidr } }: FarmConfig, { networks }: HostFacts): Problem[] {
  const wanted = parseCidr(cidr);
  if (!wanted) return [];
  return networks.flatMap((other) => {
    const taken = networkOf(other.cidr);
    if (!taken || !overlaps(wanted, taken)) return [];
    return [
      {
        path: "network.cidr",
        message: `'${cidr}' overlaps ${other.cidr} of interface ${other.interface} on this machine; choose a free range, e.g. 10.78.0.0/24`,
      },
    ];
  });
}

function memoryFits({ nodes }: FarmConfig, { memoryMiB }: HostFacts): Problem[] {
  const wanted = Object.values(nodes).reduce((sum, node) => sum + node.memoryMiB, 0);
  const free = memoryMiB - reservedMemoryMiB;
  if (wanted <= free) return [];
  return [
    {
      path: "nodes",
      message: `want ${String(wanted)} MiB of memory together, this machine can give ${String(free)} MiB; lower some memoryMiB or remove a node`,
    },
  ];
}

/** The network of an interface's address such as `10.77.0.5/24`. */
function networkOf(cidr: string) {
  const [address = "", prefix = ""] = cidr.split("/");
  const number = parseAddress(address);
  if (number === undefined) return undefined;
  const size = 2 ** (32 - Number(prefix));
  return { base: number - (number % size), prefix: Number(prefix) };
}
