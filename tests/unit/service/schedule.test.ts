import fc from "fast-check";
import { parseSchedule } from "../../../apps/jobs/src/schedule";
import { isTimeZone, scheduleProblem } from "../../../infra/service/schedule";

test.each(["* * * * *", "0 2 * * mon-fri", "*/20 * * * * *", "@daily", "0 0 L * *", "CRON_TZ=Europe/Berlin 0 2 * * *"])(
  "'%s' is a schedule, also for the program that starts jobs",
  (text) => {
    expect(scheduleProblem(text)).toBeUndefined();
    expect(parseSchedule(text, "UTC").next(0)).toBeGreaterThan(0);
  },
);

test.each([
  ["", "'' is no cron expression; write five fields, e.g. '0 2 * * *', or '@daily'"],
  ["2026-01-01T00:00:00", "is no cron expression"],
  ["61 * * * *", "'61 * * * *' is no cron expression: Invalid value for minute: 61; write five fields"],
  ["* * *", "is no cron expression: invalid configuration format"],
  ["@every 5m", "is no cron expression"],
  ["@reboot", "is no cron expression: @reboot is not supported"],
  ["0 0 30 2 *", "'0 0 30 2 *' is never due"],
  ["* * * * * *", "is due more often than every 10 s; leave time for tasks to start"],
  ["0,5 * * * * *", "is due more often than every 10 s"],
  ["CRON_TZ=Mars/Olympus * * * * *", "'Mars/Olympus' is no time zone; write e.g. 'Europe/Berlin'"],
])("'%s' is refused", (text, problem) => {
  expect(scheduleProblem(text)).toContain(problem);
});

test("time zones are those of the IANA", () => {
  expect(["UTC", "Europe/Berlin", "America/New_York"].map(isTimeZone)).toEqual([true, true, true]);
  expect(["", "Mars/Olympus", "Berlin"].map(isTimeZone)).toEqual([false, false, false]);
});

test("the program takes what is not refused here", () => {
  const field = fc.constantFrom("*", "0", "5", "*/15", "1-3", "L", "x", "61", "1,2", "?");
  fc.assert(
    fc.property(fc.array(field, { minLength: 4, maxLength: 6 }), (fields) => {
      const text = fields.join(" ");
      if (scheduleProblem(text) !== undefined) return;
      expect(parseSchedule(text, "UTC").next(Date.parse("2024-01-01"))).toBeDefined();
    }),
    { numRuns: 200 },
  );
});
