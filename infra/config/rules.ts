import { counted } from "./counted";
import { nodeRules } from "./node-rules";
import { nodeOrder } from "./node-order";
import type { Problem } from "./problem";
import type { FarmConfig } from "./schema";

/** Numbers of managers: an even one tolerates no more losses than one manager less. */
const managerCounts: readonly number[] = [1, 3, 5, 7];

/** Problems between the farm's own keys, which a schema cannot express. */
export function farmProblems(config: FarmConfig): Problem[] {
  return [managerCount, ...nodeRules, validateRegistryNode].flatMap((rule) => rule(config));
}

function managerCount({ nodes }: FarmConfig): Problem[] {
  const managers = Object.values(nodes).filter((node) => node.role === "manager").length;
  if (managerCounts.includes(managers)) return [];
  return [
    {
      path: "nodes",
      message: `has ${counted(managers, "manager")}; a quorum needs 1, 3, 5 or 7: change the role of a node`,
    },
  ];
}

/** The registry's images are on the first manager; if no task may run there, `up` would wait until its timeout. */
function validateRegistryNode({ nodes }: FarmConfig): Problem[] {
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
