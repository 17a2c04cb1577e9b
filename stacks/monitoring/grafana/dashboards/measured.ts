import type { StackPlans } from "../../../contract";

/** The subjects that a farm measures: a panel about another would stay empty. */
export interface Measured {
  /** Time between two scrapes. */
  readonly scrapeSeconds: number;
  /** Requests by route, of the load balancer. */
  readonly hasRequests: boolean;
  /** Probes of its routes. */
  readonly hasProbes: boolean;
  /** Backups of the nodes. */
  readonly hasBackups: boolean;
  /** The service that stores the logs. Default: none does. */
  readonly logStore: string | undefined;
}

/** The subjects that the farm of a configuration measures. */
export function measuredBy(
  { edge, nodeMetrics, logStore }: Pick<StackPlans, "edge" | "nodeMetrics" | "logStore">,
  scrapeSeconds: number,
): Measured {
  return {
    scrapeSeconds,
    hasRequests: edge !== undefined,
    hasProbes: edge?.https !== undefined,
    hasBackups: nodeMetrics,
    logStore: logStore?.service,
  };
}
