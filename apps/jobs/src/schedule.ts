import { Cron } from "croner";

/** When a job is due. Times are milliseconds since 1970. */
export interface Schedule {
  /** The last due time up to `now`; undefined before the first. */
  readonly last: (now: number) => number | undefined;
  /** The first due time after `now`; undefined after the last. */
  readonly next: (now: number) => number | undefined;
}

/**
 * Reads a cron expression: five fields, six with seconds in front, or `@hourly` and the like. `CRON_TZ=Europe/Berlin ` in front
 * names a time zone.
 *
 * @param timeZone where the expression names none
 * @throws Error for a wrong expression or time zone
 */
export function parseSchedule(text: string, timeZone: string): Schedule {
  const [, zone = timeZone, expression = text] = /^(?:CRON_)?TZ=(\S+)\s+(.*)$/.exec(text.trim()) ?? [];
  // A date alone is no schedule, but the library takes it.
  if (!/^@\w+$|\s/.test(expression.trim())) throw new Error(`'${text}' is no cron expression`);
  const cron = new Cron(expression.trim(), { timezone: zone, mode: "5-or-6-parts" });
  // Only here the library looks the time zone up.
  cron.nextRun();
  return {
    // The library leaves out the time that it is asked about.
    last: (now) => cron.previousRuns(1, new Date(now + 1))[0]?.getTime(),
    next: (now) => cron.nextRun(new Date(now))?.getTime(),
  };
}
