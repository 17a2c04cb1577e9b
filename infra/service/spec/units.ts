/** One CPU in nanocores, Swarm's unit. */
const nanoCpus = 1e9;

const bytesPerMiB = 1024 ** 2;

/** CPUs in nanocores. */
export function nano(cpus: number): number {
  return Math.round(cpus * nanoCpus);
}

/** Mebibytes in bytes. */
export function bytes(mebibytes: number): number {
  return Math.round(mebibytes * bytesPerMiB);
}

/** Bytes in mebibytes, exactly: the divisor is a power of two. */
export function mebibytes(size: number): number {
  return size / bytesPerMiB;
}

const nanoseconds = [
  ["ms", 1e6],
  ["µs", 1e3],
  ["ns", 1],
] as const;

/**
 * A time as Docker writes it back, e.g. `1m30s`, `0s` or `500ms`: any other form of the same time would be shown as a change.
 *
 * @param seconds to the nanosecond
 */
export function duration(seconds: number): string {
  const all = Math.round(seconds * 1e9);
  const [unit, size] = nanoseconds.find(([, each]) => all >= each) ?? ["s", 1e9];
  if (all < 1e9) return `${String(all / size)}${unit}`;
  const hours = Math.floor(all / 3600e9);
  const minutes = Math.floor((all % 3600e9) / 60e9);
  const rest = (all % 60e9) / 1e9;
  // Zeros at the end are left out, one in the middle is not.
  const parts = [
    hours > 0 ? `${String(hours)}h` : "",
    minutes > 0 || (hours > 0 && rest > 0) ? `${String(minutes)}m` : "",
    rest > 0 ? `${String(rest)}s` : "",
  ];
  return parts.join("");
}
