import type { FarmPlan } from "../../infra/net/plan";

/** The URL of a published port, at the first node; the routing mesh answers on every node. */
export function meshUrl({ nodes }: Pick<FarmPlan, "nodes">, port: number): string {
  return `http://${nodes[0]?.address ?? ""}:${String(port)}`;
}
