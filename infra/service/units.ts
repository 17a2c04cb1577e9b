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
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const rest = seconds % 60;
  // Zeros at the end are left out, one in the middle is not.
  const parts = [
    hours > 0 ? `${String(hours)}h` : "",
    minutes > 0 || (hours > 0 && rest > 0) ? `${String(minutes)}m` : "",
    rest > 0 || seconds === 0 ? `${String(rest)}s` : "",
  ];
  return parts.join("");
}
