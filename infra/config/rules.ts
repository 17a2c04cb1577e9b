import { planOrder } from "../net/plan";
import { connectionsFit } from "./connections";
import { machineLaws } from "./machine-laws";
import { policiesHold, reservationsFit } from "./policies";
import type { Problem } from "./problem";
import type { FarmConfig } from "./schema";

/** Swarm keeps a majority with these; an even count tolerates no more losses than one less. */
const managerCounts: readonly number[] = [1, 3, 5, 7];

type Law = (config: FarmConfig) => Problem[];

/** Rules between fields, which a schema cannot say. Each is pure; all are checked, and all problems reported together. */
const laws: readonly Law[] = [
  managerCount,
  ...machineLaws,
  portsFree,
  registryHasPlace,
  lampHasPlaces,
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
