import { assignAddresses, gatewayOf } from "../config/addresses";
import { nodeOrder } from "../config/node-order";
import type { FarmConfig, HostConfig, ImageConfig } from "../config/schema";
import { parseAddress, parseCidr, type Network } from "../ipv4/cidr";

/** One node with everything that the configuration determines: a first preview knows it without any host. */
export interface NodePlan {
  readonly name: string;
  readonly role: "manager" | "worker";
  readonly host: string;
  readonly address: string;
  readonly mac: string;
  readonly vcpu: number;
  readonly memoryMiB: number;
  readonly diskGiB: number;
  readonly image: ImageConfig;
  readonly storageDriver: "overlay2" | "btrfs";
  readonly labels: Readonly<Record<string, string>>;
  /** Swarm's availability. */
  readonly availability: "active" | "pause" | "drain";
}

/** The farm's network on one host. */
export interface NetworkPlan {
  readonly cidr: string;
  readonly prefix: number;
  /** The host's own address: gateway and name server of the nodes. */
  readonly gateway: string;
}

/** How a host reaches the other hosts of the farm. */
export interface TunnelPlan {
  /** The host's own address. */
  readonly address: string;
  /** The addresses of the other hosts. */
  readonly peers: readonly string[];
}

/** A host that runs at least one node. */
export interface HostPlan extends HostConfig {
  /** Its own address in the farm's network: gateway and name server of its nodes. */
  readonly gateway: string;
  /** How it reaches the other hosts. Default: there are none. */
  readonly tunnel?: TunnelPlan;
}

/** The whole farm as plain data, without Pulumi. */
export interface FarmPlan {
  readonly farm: string;
  readonly network: Omit<NetworkPlan, "gateway">;
  /** By name. */
  readonly hosts: Readonly<Record<string, HostPlan>>;
  /** Managers first; the first manager initializes the swarm. */
  readonly nodes: readonly NodePlan[];
  /** Host names that the network's name servers resolve: each node and the registry, with their addresses. */
  readonly names: Readonly<Record<string, string>>;
}

/** The registry's host name on the nodes, so that images keep their names when it moves to another manager. */
export const registryName = "registry.internal";

/** Computes the plan of a checked configuration. */
export function planFarm(config: FarmConfig, farm: string): FarmPlan {
  const network = parseCidr(config.network.cidr);
  if (!network) throw new Error(`unchecked configuration: network.cidr '${config.network.cidr}'`);
  const { addresses } = assignAddresses(network, config.nodes, config.hosts);
  const [onlyHost = ""] = Object.keys(config.hosts);

  const nodes = Object.entries(config.nodes).map(([name, node]): NodePlan => {
    const address = addresses.get(name) ?? "";
    return {
      ...node,
      name,
      host: node.host ?? onlyHost,
      image: node.image ?? config.image,
      address,
      mac: macOf(address),
    };
  });
  nodes.sort(nodeOrder);

  return {
    farm,
    network: { cidr: config.network.cidr, prefix: network.prefix },
    hosts: planHosts(config, network, new Set(nodes.map((node) => node.host))),
    nodes,
    names: {
      [registryName]: nodes[0]?.address ?? "",
      ...Object.fromEntries(nodes.map(({ name, address }) => [name, address])),
    },
  };
}

function planHosts(config: FarmConfig, network: Network, used: ReadonlySet<string>): Record<string, HostPlan> {
  const running = Object.entries(config.hosts).filter(([name]) => used.has(name));
  return Object.fromEntries(
    running.map(([name, host]): [string, HostPlan] => {
      const { address = "" } = host;
      const peers = running.flatMap(([other, { address: peer = "" }]) => (other === name ? [] : [peer]));
      return [
        name,
        { ...host, gateway: gatewayOf(network, host), ...(peers.length > 0 ? { tunnel: { address, peers } } : {}) },
      ];
    }),
  );
}

/** 52:54:00 is QEMU's own prefix; the rest of the address makes it unique within the network. */
function macOf(address: string): string {
  const number = parseAddress(address) ?? 0;
  const bytes = [16, 8, 0].map((shift) => ((number >>> shift) & 0xff).toString(16).padStart(2, "0"));
  return ["52", "54", "00", ...bytes].join(":");
}
