import type { Problem } from "../../../infra/config/problem";
import type { RuleContext } from "../../contract";
import type { GrafanaConfig } from "./schema";

/** Grafana publishes no port: without the load balancer nobody could open it. */
export function grafanaProblems(
  { grafana }: { readonly grafana?: GrafanaConfig | undefined },
  { edge }: Pick<RuleContext, "edge">,
): Problem[] {
  if (!grafana || edge) return [];
  return [{ path: "monitoring.grafana", message: "needs the load balancer; add loadbalancer: {}" }];
}
