import type { LampConfig } from "./schema";

/**
 * Requests of one session run one after the other, as with files. Seconds, as the default read timeout of nginx: a request that waits
 * longer gets no session, and the lock of a task that was lost ends.
 */
export const lockSeconds = 60;

/** How often a waiting request asks, in milliseconds. */
const lockPollMs = 50;

/** php's settings of the lock. */
export const lockLines = [
  "redis.session.locking_enabled = 1",
  `redis.session.lock_expire = ${String(lockSeconds)}`,
  `redis.session.lock_wait_time = ${String(lockPollMs * 1000)}`,
  `redis.session.lock_retries = ${String((lockSeconds * 1000) / lockPollMs)}`,
];

/**
 * The memory limit of valkey for sessions of that size in MiB: a quarter more for gaps between them, and 32 for the program, with 136
 * connections of php. Measured (8.1): 13 MiB when empty, 45 with 32 MiB full of 44,000 sessions of 600 bytes, and more that are dropped.
 */
export function storeMemoryMiB(memoryMiB: number): number {
  return Math.ceil(memoryMiB * 1.25) + 32;
}

/**
 * Whether php's tasks share their sessions. By default they do where there can be several, and php is the farm's own image: another one
 * may lack the extension `redis`.
 */
export function sharesSessions({ php, sessions }: Pick<LampConfig, "php" | "sessions">): boolean {
  if (sessions.store !== undefined) return sessions.store === "shared";
  const { replicas, autoscale, image } = php;
  return image === undefined && (replicas === "global" || Math.max(replicas, autoscale?.max ?? 0) > 1);
}
