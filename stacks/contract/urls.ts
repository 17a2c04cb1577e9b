import type { FarmPlan } from "../../infra/net/plan";

/**
 * The URL of a published port, at the first node; the routing mesh answers on every node.
 *
 * @param scheme `tcp` where the protocol is not known. Default: `http`
 */
export function meshUrl({ nodes }: Pick<FarmPlan, "nodes">, port: number, scheme: "http" | "tcp" = "http"): string {
  return `${scheme}://${nodes[0]?.address ?? ""}:${String(port)}`;
}
