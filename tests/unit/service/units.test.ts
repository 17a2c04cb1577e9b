import fc from "fast-check";
import { bytes, duration, nano } from "../../../infra/service/spec/units";

test.each([
  [0, "0s"],
  [1, "1s"],
  [59, "59s"],
  [60, "1m"],
  [90, "1m30s"],
  [600, "10m"],
  [3600, "1h"],
  [3605, "1h0m5s"],
  [5400, "1h30m"],
  [90_061, "25h1m1s"],
])("%d seconds are %s", (seconds, text) => {
  expect(duration(seconds)).toBe(text);
});

/** Format of Docker's provider: Go's own form without the zeros at its end. */
function fromProvider(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const go =
    hours > 0
      ? `${hours}h${minutes % 60}m${seconds % 60}s`
      : minutes > 0
        ? `${minutes}m${seconds % 60}s`
        : `${seconds}s`;
  return go.replace(/m0s$/, "m").replace(/h0m$/, "h");
}

test("every time is written as the provider reads it back, so that none is shown as a change", () => {
  fc.assert(
    fc.property(fc.nat({ max: 100_000 }), (seconds) => {
      expect(duration(seconds)).toBe(fromProvider(seconds));
    }),
  );
});

test("every time is as long as Go takes it for", () => {
  const lengths: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1 };
  fc.assert(
    fc.property(fc.nat({ max: 100_000 }), (seconds) => {
      const parts = [...duration(seconds).matchAll(/(\d+)([hms])/g)];
      expect(parts.map(([part]) => part).join("")).toBe(duration(seconds));
      expect(parts.reduce((sum, [, count, unit]) => sum + Number(count) * (lengths[unit ?? ""] ?? NaN), 0)).toBe(
        seconds,
      );
    }),
  );
});

test.each([
  [0.05, 50_000_000],
  [0.1, 100_000_000],
  [0.29, 290_000_000],
  [1, 1_000_000_000],
])("%d CPUs are %d of Swarm's units: whole ones", (cpus, units) => {
  expect(nano(cpus)).toBe(units);
});

test("a mebibyte is 2^20 bytes", () => {
  expect([bytes(0), bytes(1), bytes(512)]).toEqual([0, 1_048_576, 536_870_912]);
});
