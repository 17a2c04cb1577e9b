import type { MonitoringConfig } from "./schema";

/** The memory that Swarm reserves for Prometheus: as much as it uses on a small farm; the rest is for queries and for a start after a crash. */
export function reservedMiB(memoryMiB: number): number {
  return Math.floor(memoryMiB / 2);
}

/** Whether anyone is told of alerts. */
export function hasReceivers({ alerts }: Pick<MonitoringConfig, "alerts">): boolean {
  return Object.keys(alerts.receivers).length > 0;
}
