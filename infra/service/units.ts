/** One CPU in nanocores, Swarm's unit. */
const nanoCpus = 1e9;

const bytesPerMiB = 1024 ** 2;

/** CPUs in nanocores. */
export function nano(cpus: number): number {
  return Math.round(cpus * nanoCpus);
}

/** Mebibytes in bytes. */
export function bytes(mebibytes: number): number {
  return mebibytes * bytesPerMiB;
}

/** A duration in the form that Docker returns, e.g. `1m30s` or `0s`; another form would be shown as a change. */
export function duration(seconds: number): string {
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const rest = seconds % 60;
  // Zeros at the end are omitted, but not in the middle.
  const parts = [
    hours > 0 ? `${String(hours)}h` : "",
    minutes > 0 || (hours > 0 && rest > 0) ? `${String(minutes)}m` : "",
    rest > 0 || seconds === 0 ? `${String(rest)}s` : "",
  ];
  return parts.join("");
}
