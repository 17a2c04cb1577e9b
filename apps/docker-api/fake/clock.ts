let last = 0;

/** Docker's form of a time, never the same twice. */
export function isoTime(ms: number): string {
  last = (last + 1) % 1_000_000;
  return `${new Date(ms).toISOString().slice(0, -1)}${String(last).padStart(6, "0")}Z`;
}
