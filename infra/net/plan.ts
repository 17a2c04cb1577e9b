import { assignAddresses } from "./addresses";
import { nthAddress, parseAddress, parseCidr } from "./cidr";
import type { FarmConfig, HostConfig } from "../config/schema";

/** One node with everything that follows from the configuration: known in a first preview, before any host is asked. */
export interface NodePlan {
  readonly name: string;
  readonly role: "manager" | "worker";
  readonly host: string;
  readonly address: string;
  readonly mac: string;
  readonly vcpu: number;
  readonly memoryMiB: number;
  readonly diskGiB: number;
  readonly labels: Readonly<Record<string, string>>;
  /** Whether the swarm gives it tasks. */
  readonly availability: "active" | "pause" | "drain";
}

/** The farm's network, the same on every host. */
export interface NetworkPlan {
  readonly cidr: string;
  readonly prefix: number;
  /** The host's own address: gateway and name server of the nodes. */
  readonly gateway: string;
}

/** What is to be built, free of Pulumi. */
export interface FarmPlan {
  readonly farm: string;
  readonly network: NetworkPlan;
  /** Hosts that run at least one node, by name. */
  readonly hosts: Readonly<Record<string, HostConfig>>;
  /** Managers first; the first manager makes the swarm. */
  readonly nodes: readonly NodePlan[];
}

/** Computes the plan of a checked configuration. */
export function planFarm(config: FarmConfig, farm: string): FarmPlan {
  const network = parseCidr(config.network.cidr);
  if (!network) throw new Error(`unchecked configuration: network.cidr '${config.network.cidr}'`);
  const { addresses } = assignAddresses(network, config.nodes);
  const [onlyHost = ""] = Object.keys(config.hosts);

  const nodes = Object.entries(config.nodes).map(([name, node]): NodePlan => {
    const address = addresses.get(name) ?? "";
    return { ...node, name, host: node.host ?? onlyHost, address, mac: macOf(address) };
  });
  nodes.sort(planOrder);

  const used = new Set(nodes.map((node) => node.host));
  return {
    farm,
    network: { cidr: config.network.cidr, prefix: network.prefix, gateway: nthAddress(network, 1) },
    hosts: Object.fromEntries(Object.entries(config.hosts).filter(([name]) => used.has(name))),
    nodes,
  };
}

/** Managers first, then by name, its number as a number: worker9 before worker10. */
export function planOrder(a: Pick<NodePlan, "name" | "role">, b: Pick<NodePlan, "name" | "role">): number {
  const roleOrder = ({ role }: Pick<NodePlan, "role">) => (role === "manager" ? 0 : 1);
  return roleOrder(a) - roleOrder(b) || a.name.localeCompare(b.name, "en", { numeric: true });
}

/** 52:54:00 is QEMU's own prefix; the rest of the address makes it unique within the network. */
function macOf(address: string): string {
  const number = parseAddress(address) ?? 0;
  const bytes = [16, 8, 0].map((shift) => ((number >>> shift) & 0xff).toString(16).padStart(2, "0"));
  return ["52", "54", "00", ...bytes].join(":");
}
