import { contains, overlaps, parseAddress, parseCidr, size } from "../ipv4/cidr";
import { whyNoFarmNetwork } from "../ipv4/ranges";
import { assignAddresses, gatewayProblems, maxHosts } from "./addresses";
import { isLocal } from "./primitives";
import type { Problem } from "./problem";
import type { FarmConfig } from "./schema";

/** Networks that Docker uses inside every node: overlay networks, and the two local bridges. */
const dockerNetworks = ["10.0.0.0/16", "172.17.0.0/16", "172.18.0.0/16"];

/** Has addresses for the gateways, nine managers and a few workers. */
const minNetworkSize = 32;

/** A node's MAC has the last three bytes of its address, so these must be unique. */
const maxNetworkSize = 2 ** 24;

/** Rules between the keys of hosts, network, images and nodes. */
export const nodeRules: readonly ((config: FarmConfig) => Problem[])[] = [
  hostsExist,
  hostsReachEachOther,
  networkFits,
  egressIsOurs,
  addressesFit,
  storageDriversFit,
];

function hostsExist({ hosts, nodes }: FarmConfig): Problem[] {
  const declared = Object.keys(hosts);
  if (declared.length === 0)
    return [{ path: "hosts", message: "is empty; declare at least one, e.g. local: { uri: qemu:///system }" }];
  return Object.entries(nodes).flatMap(([name, { host }]) => {
    const path = `nodes.${name}.host`;
    if (host === undefined) {
      if (declared.length === 1) return [];
      return [{ path, message: `is missing and several hosts are declared; name one of ${quoted(declared)}` }];
    }
    return declared.includes(host)
      ? []
      : [{ path, message: `'${host}' is not declared under hosts; declared: ${quoted(declared)}` }];
  });
}

/** Only the farm's own libvirt on this machine can be without a way out; any other gives its VMs one. */
function egressIsOurs({ hosts, network }: FarmConfig): Problem[] {
  const others = Object.entries(hosts).flatMap(([name, { uri }]) => (isLocal(uri) ? [] : [name]));
  if (network.egress || others.length === 0) return [];
  return [
    {
      path: "network.egress",
      message: `is false, but the libvirt of host ${quoted(others)} gives its VMs a way out; remove the key, and filter on that host`,
    },
  ];
}

/** Hosts whose nodes form one network need an address at which the others reach them. */
function hostsReachEachOther({ hosts, network, nodes }: FarmConfig): Problem[] {
  const [first = ""] = Object.keys(hosts);
  const used = new Set(Object.values(nodes).map((node) => node.host ?? first));
  const problems: Problem[] = [];
  const declared = Object.keys(hosts).length;
  if (declared > maxHosts)
    problems.push({ path: "hosts", message: `are ${String(declared)}; declare at most ${String(maxHosts)}` });
  if (used.size <= 1) return problems;
  const farm = parseCidr(network.cidr);
  const takenBy = new Map<string, string>();
  for (const [name, { uri, address }] of Object.entries(hosts).filter(([host]) => used.has(host))) {
    const path = `hosts.${name}.address`;
    const number = parseAddress(address ?? "");
    if (!/^qemu(\+(ssh|unix))?:/.test(uri))
      problems.push({
        path: `hosts.${name}.uri`,
        message: `'${uri}' reaches libvirt alone; to join several hosts use qemu+ssh://root@host/system`,
      });
    if (address === undefined || number === undefined) {
      problems.push({
        path,
        message: `is missing; nodes are on ${String(used.size)} hosts, which reach each other there: set it, e.g. 192.168.1.10`,
      });
      continue;
    }
    const other = takenBy.get(address);
    if (other) problems.push({ path, message: `'${address}' is already that of host '${other}'; set its own` });
    if (farm && contains(farm, number))
      problems.push({
        path,
        message: `'${address}' is in the farm's own network ${network.cidr}; set the one that it has outside of it`,
      });
    takenBy.set(address, name);
  }
  return problems;
}

function networkFits({ network: { cidr, allowPublic } }: FarmConfig): Problem[] {
  const path = "network.cidr";
  const network = parseCidr(cidr);
  if (!network) return [];
  const problems: Problem[] = [];
  if (size(network) < minNetworkSize) problems.push({ path, message: `'${cidr}' is too small; use a /27 or larger` });
  if (size(network) > maxNetworkSize) problems.push({ path, message: `'${cidr}' is too large; use a /8 or smaller` });
  const unfit = whyNoFarmNetwork(network, allowPublic);
  if (unfit) problems.push({ path, message: `'${cidr}' ${unfit}` });
  for (const used of dockerNetworks) {
    const other = parseCidr(used);
    if (other && overlaps(network, other)) {
      problems.push({
        path,
        message: `'${cidr}' overlaps ${used}, which Docker uses inside the nodes; choose another, e.g. 10.77.0.0/24`,
      });
    }
  }
  return problems;
}

function addressesFit({ hosts, network, nodes }: FarmConfig): Problem[] {
  const cidr = parseCidr(network.cidr);
  return cidr ? [...gatewayProblems(cidr, hosts), ...assignAddresses(cidr, nodes, hosts).problems] : [];
}

/** A program of the farm's own image formats the data disk. */
function storageDriversFit({ image, nodes }: FarmConfig): Problem[] {
  return Object.entries(nodes)
    .filter(([, node]) => node.storageDriver !== "overlay2" && (node.image ?? image).kind !== "farm")
    .map(([name, { storageDriver }]) => ({
      path: `nodes.${name}.storageDriver`,
      message: `is '${storageDriver}', which needs the farm's own image (image: { kind: farm }); remove the line, or give the node that image`,
    }));
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `'${name}'`).join(", ");
}
