import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseSchedule } from "../../src/schedule.ts";

const iso = (time: number | undefined): string => (time === undefined ? "never" : new Date(time).toISOString());
const around = (text: string, now: string, zone = "UTC") => {
  const schedule = parseSchedule(text, zone);
  return [iso(schedule.last(Date.parse(now))), iso(schedule.next(Date.parse(now)))];
};

test("five fields, six with seconds, and names are read", () => {
  const now = "2026-03-10T12:34:56Z";
  assert.deepEqual(around("* * * * *", now), ["2026-03-10T12:34:00.000Z", "2026-03-10T12:35:00.000Z"]);
  assert.deepEqual(around("*/20 * * * * *", now), ["2026-03-10T12:34:40.000Z", "2026-03-10T12:35:00.000Z"]);
  assert.deepEqual(around("@daily", now), ["2026-03-10T00:00:00.000Z", "2026-03-11T00:00:00.000Z"]);
  // The first of the month, and each Monday.
  assert.deepEqual(around("0 4 1 * 1", now), ["2026-03-09T04:00:00.000Z", "2026-03-16T04:00:00.000Z"]);
});

test("a due time itself counts as the last, not as the next", () => {
  assert.deepEqual(around("0 * * * *", "2026-03-10T12:00:00Z"), [
    "2026-03-10T12:00:00.000Z",
    "2026-03-10T13:00:00.000Z",
  ]);
});

test("a time zone is that of the farm, or stands in front; in the hour that is left out a job runs at its end", () => {
  const spring = "2026-03-29T12:00:00Z";
  assert.deepEqual(around("30 2 * * *", spring, "Europe/Berlin")[0], "2026-03-29T01:00:00.000Z");
  assert.deepEqual(around("CRON_TZ=Asia/Tokyo 0 6 * * *", spring)[1], "2026-03-29T21:00:00.000Z");
  assert.deepEqual(around("TZ=Asia/Tokyo  0 6 * * *", spring)[1], "2026-03-29T21:00:00.000Z");
});

test("in the hour that comes twice a job runs once", () => {
  const schedule = parseSchedule("30 2 * * *", "Europe/Berlin");
  const first = schedule.next(Date.parse("2026-10-24T12:00:00Z"));
  assert.equal(iso(first), "2026-10-25T00:30:00.000Z");
  assert.equal(iso(schedule.next(first ?? 0)), "2026-10-26T01:30:00.000Z");
});

test("wrong expressions and time zones are errors", () => {
  for (const text of ["", "61 * * * *", "@every 5m", "@reboot", "2026-01-01T00:00:00", "* * *", "0 0 12 * * * 2030"])
    assert.throws(() => parseSchedule(text, "UTC"), Error, text);
  assert.throws(() => parseSchedule("* * * * *", "Mars/Olympus"), /Mars/);
  assert.throws(() => parseSchedule("CRON_TZ=Mars/Olympus * * * * *", "UTC"), /Mars/);
});

test("last and next enclose every time, and nothing is due between them", () => {
  const field = (most: number) => fc.constantFrom("*", "*/7", String(most), `0-${most}`);
  const expressions = fc.tuple(field(59), field(23)).map(([minute, hour]) => `${minute} ${hour} * * *`);
  const times = fc.integer({ min: Date.parse("2025-01-01"), max: Date.parse("2030-01-01") });
  fc.assert(
    fc.property(expressions, times, (text, now) => {
      const { last, next } = parseSchedule(text, "UTC");
      const [before = Infinity, after = -Infinity] = [last(now), next(now)];
      assert.ok(before <= now && now < after);
      assert.deepEqual([next(before), last(after - 1)], [after, before]);
    }),
    { numRuns: 50 },
  );
});
