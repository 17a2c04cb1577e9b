const steps: readonly (readonly [number, string])[] = [
  [86_400, "d"],
  [3_600, "h"],
  [60, "min"],
  [1, "s"],
];

/** A time span in its largest unit, as `3 h`; what lies ahead by a clock that is off counts as now. */
export function span(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  for (const [size, unit] of steps) if (seconds >= size) return `${Math.floor(seconds / size)} ${unit}`;
  return "now";
}
