import type { Dashboard } from "./dashboard";
import { farmDashboard } from "./farm";
import type { Measured } from "./measured";
import { nodeDashboard } from "./node";
import { routeDashboard } from "./route";
import { serviceDashboard } from "./service";

/** The dashboards of a farm by the names of their files, without panels about what it does not measure. */
export function dashboards(measured: Measured): Readonly<Record<string, Dashboard>> {
  return {
    farm: farmDashboard(measured),
    node: nodeDashboard(measured),
    service: serviceDashboard(measured),
    ...(measured.hasRequests ? { route: routeDashboard(measured) } : {}),
  };
}
