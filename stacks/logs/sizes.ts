/** The memory that Swarm reserves for the store: as much as it uses on a small farm; the rest is for searches. */
export function reservedMiB(memoryMiB: number): number {
  return Math.floor(memoryMiB / 2);
}
