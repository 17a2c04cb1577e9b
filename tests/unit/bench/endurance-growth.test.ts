import fc from "fast-check";
import { daysUntil, growthOf, type Point } from "../../../bench/endurance/growth";

const day = 24 * 3_600_000;
const fiveMinutes = 300_000;

const series = (values: readonly number[]): Point[] => values.map((value, at) => ({ at: at * fiveMinutes, value }));

/** Uniform noise that follows from a seed. */
function noise(seed: number, count: number): number[] {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  });
}

test("linear growth gives its days exactly", () => {
  fc.assert(
    fc.property(fc.integer({ min: 3, max: 60 }), fc.integer({ min: 1, max: 1_000_000 }), (count, perSample) => {
      const growth = growthOf(series(Array.from({ length: count }, (_, at) => 1000 + at * perSample)));
      const perDay = (perSample * day) / fiveMinutes;
      expect(growth).toEqual({ is: "linear", perDay: expect.closeTo(perDay, 3) });
      expect(daysUntil(1000 + perDay * 10, 1000, perDay)).toBeCloseTo(10, 6);
    }),
  );
});

test("a constant with noise does not grow", () => {
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 12, max: 60 }), (seed, count) => {
      expect(growthOf(series(noise(seed, count).map((part) => 1e6 + part * 1e5)))).toEqual({ is: "none" });
    }),
    { seed: 1 },
  );
});

test("growth is seen through noise", () => {
  const values = noise(7, 36).map((part, at) => 1e6 + at * 1e4 + part * 1e4);
  expect(growthOf(series(values))).toEqual({ is: "linear", perDay: expect.closeTo(2.88e6, -5.7) });
});

test.each([
  ["constant", Array.from({ length: 30 }, () => 7), "none"],
  ["falling", Array.from({ length: 30 }, (_, at) => 100 - at), "none"],
  ["filled up, and full since", Array.from({ length: 30 }, (_, at) => Math.min(at, 10)), "none"],
  ["sawtooth", Array.from({ length: 30 }, (_, at) => at % 8), "sawtooth"],
  ["one restart", Array.from({ length: 30 }, (_, at) => (at < 20 ? at : at - 19)), "linear"],
  ["two samples", [1, 2], "unknown"],
])("%s", (_name, values, is) => {
  expect(growthOf(series(values)).is).toBe(is);
});

test("a value that has reached its limit has no days left", () => {
  expect(daysUntil(10, 12, 1)).toBe(0);
});
