import { machineRules } from "./machine-rules";
import { nodeOrder } from "./node-order";
import type { Problem } from "./problem";
import type { FarmConfig } from "./schema";

/** Swarm keeps a majority with these; an even count tolerates no more losses than one less. */
const managerCounts: readonly number[] = [1, 3, 5, 7];

/** Rules between the farm's own keys, which a schema cannot say. All are checked, and all problems reported together. */
export function farmProblems(config: FarmConfig): Problem[] {
  return [managerCount, ...machineRules, registryHasPlace].flatMap((rule) => rule(config));
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

/** Ports that every node uses itself, and what for: published there, the routing mesh would take the node's own traffic. */
export const nodePorts: Readonly<Record<number, string>> = {
  22: "ssh",
  2377: "the swarm's managers",
  4789: "overlay networks",
  5000: "the farm's registry",
  7946: "the swarm's nodes",
};

/** The registry's images lie on the first manager; a service that may run nowhere would wait for ever. */
function registryHasPlace({ nodes }: FarmConfig): Problem[] {
  const [first] = Object.entries(nodes)
    .map(([name, node]) => ({ ...node, name }))
    .sort(nodeOrder);
  if (first?.role !== "manager" || first.availability === "active") return [];
  return [
    {
      path: `nodes.${first.name}.availability`,
      message: `is '${first.availability}'; the farm's registry runs on the first manager, which must be active: drain or pause others`,
    },
  ];
}
