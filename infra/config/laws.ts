import { assignAddresses, maxHosts } from "../net/addresses";
import { contains, overlaps, parseAddress, parseCidr, size } from "../net/cidr";
import { planOrder } from "../net/plan";
import { connectionsFit } from "./connections";
import { policiesHold, reservationsFit } from "./policies";
import type { Problem } from "./problem";
import type { FarmConfig } from "./schema";

/** Swarm keeps a majority with these; an even count tolerates no more losses than one less. */
const managerCounts: readonly number[] = [1, 3, 5, 7];

/** Networks that Docker takes for itself inside every node: overlay networks, and the two local bridges. */
const dockerNetworks = ["10.0.0.0/16", "172.17.0.0/16", "172.18.0.0/16"];

/** Room for the gateways, nine managers and a few workers. */
const minNetworkSize = 32;

/** A MAC carries the last three bytes of its node's address: these must tell all nodes apart. */
const maxNetworkSize = 2 ** 24;

type Law = (config: FarmConfig) => Problem[];

/** Rules between fields, which a schema cannot say. Each is pure; all are checked, and all problems reported together. */
const laws: readonly Law[] = [
  managerCount,
  hostsExist,
  hostsReachEachOther,
  networkFits,
  addressesFit,
  portsFree,
  registryHasPlace,
  lampHasPlaces,
  storageDriversFit,
  routesDiffer,
  policiesHold,
  reservationsFit,
  connectionsFit,
];

export function checkLaws(config: FarmConfig): Problem[] {
  return laws.flatMap((law) => law(config));
}

function managerCount({ nodes }: FarmConfig): Problem[] {
  const managers = Object.values(nodes).filter((node) => node.role === "manager").length;
  if (managerCounts.includes(managers)) return [];
  return [
    {
      path: "nodes",
      message: `has ${String(managers)} managers; a swarm keeps its majority with 1, 3, 5 or 7: change some role`,
    },
  ];
}

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

/** Nodes on several hosts are joined by a network between these, which each has to know of the others. */
function hostsReachEachOther({ hosts, network, nodes }: FarmConfig): Problem[] {
  const [first = ""] = Object.keys(hosts);
  const used = new Set(Object.values(nodes).map((node) => node.host ?? first));
  const problems: Problem[] = [];
  const declared = Object.keys(hosts).length;
  if (declared > maxHosts)
    problems.push({ path: "hosts", message: `are ${String(declared)}; declare ${String(maxHosts)} at the most` });
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

function networkFits({ network: { cidr } }: FarmConfig): Problem[] {
  const path = "network.cidr";
  const network = parseCidr(cidr);
  if (!network) return [];
  const problems: Problem[] = [];
  if (size(network) < minNetworkSize) problems.push({ path, message: `'${cidr}' is too small; use a /27 or larger` });
  if (size(network) > maxNetworkSize) problems.push({ path, message: `'${cidr}' is too large; use a /8 or smaller` });
  for (const taken of dockerNetworks) {
    const other = parseCidr(taken);
    if (other && overlaps(network, other)) {
      problems.push({
        path,
        message: `'${cidr}' overlaps ${taken}, which Docker uses inside the nodes; choose another, e.g. 10.77.0.0/24`,
      });
    }
  }
  return problems;
}

function addressesFit({ hosts, network, nodes }: FarmConfig): Problem[] {
  const cidr = parseCidr(network.cidr);
  return cidr ? assignAddresses(cidr, nodes, Object.keys(hosts).length).problems : [];
}

/** Ports that every node uses itself: published there, the mesh would take the node's own traffic. */
const nodePorts: Readonly<Record<number, string>> = {
  22: "ssh",
  2377: "the swarm's managers",
  4789: "overlay networks",
  5000: "the farm's registry",
  7946: "the swarm's nodes",
};

/** Where php is published for a load balancer that speaks FastCGI. */
export const fastcgiPort = 9000;

function portsFree({ hello, lamp, loadbalancer }: FarmConfig): Problem[] {
  const wanted: readonly (readonly [string, number | undefined])[] = [
    // It cannot be another: whoever wants the same has to go elsewhere.
    ["loadbalancer.mode", lamp && loadbalancer?.mode === "fastcgi" ? fastcgiPort : undefined],
    ["hello.port", hello.port],
    ["lamp.port", lamp?.port],
    ["loadbalancer.httpPort", loadbalancer?.httpPort],
    ["loadbalancer.httpsPort", loadbalancer?.httpsPort],
  ];
  const users = new Map(Object.entries(nodePorts).map(([port, user]) => [Number(port), `${user} on every node`]));
  const taken = new Set([...users.keys(), ...wanted.map(([, port]) => port)]);
  let free = 8080;
  while (taken.has(free)) free++;
  return wanted.flatMap(([path, port]) => {
    if (port === undefined) return [];
    const user = users.get(port);
    if (user === undefined) users.set(port, path);
    return user === undefined
      ? []
      : [
          {
            path,
            message: `wants port ${String(port)}, which is used by ${user}; choose another, e.g. ${String(free)}`,
          },
        ];
  });
}

/** The registry's images lie on the first manager; a service that may run nowhere would wait for ever. */
function registryHasPlace({ nodes }: FarmConfig): Problem[] {
  const [first] = Object.entries(nodes)
    .map(([name, node]) => ({ ...node, name }))
    .sort(planOrder);
  if (first?.role !== "manager" || first.availability === "active") return [];
  return [
    {
      path: `nodes.${first.name}.availability`,
      message: `is '${first.availability}'; the farm's registry runs on the first manager, which must be active: drain or pause others`,
    },
  ];
}

/** The data disk is made by a program of the farm's own image. */
function storageDriversFit({ image, nodes }: FarmConfig): Problem[] {
  return Object.entries(nodes)
    .filter(([, node]) => node.storageDriver !== "overlay2" && (node.image ?? image).kind !== "farm")
    .map(([name, { storageDriver }]) => ({
      path: `nodes.${name}.storageDriver`,
      message: `is '${storageDriver}', which needs the farm's own image (image: { kind: farm }); remove the line, or give the node that image`,
    }));
}

/** A task without a node that it may run on would wait for ever. */
function lampHasPlaces({ lamp, nodes }: FarmConfig): Problem[] {
  if (!lamp) return [];
  const all = Object.values(nodes);
  const active = all.filter(({ availability }) => availability === "active");
  const problems: Problem[] = [];
  const data = all.filter(({ labels }) => labels.db === "true");
  if (data.length !== 1) {
    problems.push({
      path: "lamp.mysql",
      message: `needs one node with the label db: "true", where its data lies; ${String(data.length)} have it: set labels: { db: "true" } on one`,
    });
  } else if (!active.some((node) => data.includes(node))) {
    problems.push({
      path: "lamp.mysql",
      message: 'cannot leave the node with the label db: "true", where its data lies, and that node is not active',
    });
  }
  if (!active.some(({ role }) => role === "worker"))
    problems.push({
      path: "lamp.php",
      message: "runs on workers, and none is active; add a node with role: worker, or make one active",
    });
  return problems;
}

function routesDiffer({ loadbalancer }: FarmConfig): Problem[] {
  const seen = new Map<string, string>();
  return Object.entries(loadbalancer?.routes ?? {}).flatMap(([name, route]) => {
    const key = `${route.host ?? ""}${route.path}`;
    const other = seen.get(key);
    seen.set(key, name);
    return other === undefined
      ? []
      : [
          {
            path: `loadbalancer.routes.${name}`,
            message: `has host and path of route '${other}'; give one of them another path or host`,
          },
        ];
  });
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `'${name}'`).join(", ");
}
