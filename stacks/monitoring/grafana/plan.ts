import type { StackPlan } from "../../contract";
import { copiesOf } from "../../contract/images";
import { storePlacements } from "../../contract/store";
import type { GrafanaConfig } from "./schema";
import { grafanaRoute, grafanaService } from "./settings";

/** Grafana's part of the plan of `monitoring`. */
type GrafanaPlan = Required<Pick<StackPlan, "copies" | "routes" | "targets" | "placements">>;

/**
 * Grafana in the plan of a configuration with it, and nothing without. The route is not among the stack's own, since a farm
 * without Grafana may have an application with a route of this name.
 */
export function grafanaPlan(config: {
  readonly node?: string | undefined;
  readonly grafana?: GrafanaConfig | undefined;
}): GrafanaPlan {
  const { grafana } = config;
  if (!grafana) return { copies: [], routes: {}, targets: {}, placements: [] };
  const { name: service, port } = grafanaService;
  return {
    copies: copiesOf({ "monitoring.grafana.image": grafana.image }),
    routes: { [grafanaRoute.name]: { path: grafanaRoute.path } },
    targets: { [grafanaRoute.name]: { kind: "service", service, port } },
    placements: storePlacements({
      service,
      key: grafana.node === undefined ? "monitoring.node" : "monitoring.grafana.node",
      node: grafana.node ?? config.node,
      memoryMiB: grafana.memoryMiB,
    }),
  };
}
