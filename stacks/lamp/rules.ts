import type { Problem } from "../../infra/config/problem";
import type { RuleContext } from "../contract";
import { connectionsFit } from "./connections";
import type { LampConfig } from "./schema";

/** Its tasks need eligible nodes, and connections to mysql. */
export function rules(config: LampConfig | undefined, { nodes }: RuleContext): Problem[] {
  return config ? [...placesExist(nodes), ...connectionsFit(config, nodes)] : [];
}

/** A task without an eligible node would stay pending. */
function placesExist(nodes: RuleContext["nodes"]): Problem[] {
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
