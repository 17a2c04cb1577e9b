/** One CPU in the unit of Swarm's limits. */
const nanoCpus = 1e9;

const bytesPerMiB = 1024 ** 2;

/** A share of CPUs in Swarm's unit. */
export function nano(cpus: number): number {
  return Math.round(cpus * nanoCpus);
}

/** Mebibytes in Swarm's unit. */
export function bytes(mebibytes: number): number {
  return mebibytes * bytesPerMiB;
}

/** A time as Docker writes it back, e.g. `1m30s` or `0s`: any other form of the same time would be shown as a change. */
export function duration(seconds: number): string {
  if (seconds === 0) return "0s";
  const parts = [
    [Math.floor(seconds / 3600), "h"],
    [Math.floor((seconds % 3600) / 60), "m"],
    [seconds % 60, "s"],
  ] as const;
  return parts.map(([count, unit]) => (count === 0 ? "" : `${String(count)}${unit}`)).join("");
}
