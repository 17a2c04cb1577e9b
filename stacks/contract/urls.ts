import type { FarmPlan } from "../../infra/net/plan";

/** Where the routing mesh answers on a published port: at the first node, as at any other. */
export function meshUrl({ nodes }: Pick<FarmPlan, "nodes">, port: number): string {
  return `http://${nodes[0]?.address ?? ""}:${String(port)}`;
}
