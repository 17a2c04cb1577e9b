import type { MonitoringConfig } from "./schema";

/** Whether anyone is told of alerts. */
export function hasReceivers({ alerts }: Pick<MonitoringConfig, "alerts">): boolean {
  return Object.keys(alerts.receivers).length > 0;
}
