import { Cron } from "croner";

/** Shorter than a task takes to start. */
const leastSeconds = 10;

/** Due times that are compared. */
const compared = 100;

const forms = "write five fields, e.g. '0 2 * * *', or '@daily'";

/** Why a text is no schedule of a job; undefined if it is one. What starts it reads it in the same way. */
export function scheduleProblem(text: string): string | undefined {
  const [, zone = "UTC", expression = text] = /^(?:CRON_)?TZ=(\S+)\s+(.*)$/.exec(text.trim()) ?? [];
  if (!isTimeZone(zone)) return `'${zone}' is no time zone; write e.g. 'Europe/Berlin'`;
  // A date alone is no schedule, but the library takes it.
  if (!/^@\w+$|\s/.test(expression.trim())) return `'${text}' is no cron expression; ${forms}`;
  const times = timesOf(expression.trim(), zone);
  if (typeof times === "string") return `'${text}' is no cron expression: ${times}; ${forms}`;
  if (times.length === 0) return `'${text}' is never due; ${forms}`;
  const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
  return Math.min(...gaps) < leastSeconds * 1000
    ? `'${text}' is due more often than every ${String(leastSeconds)} s; leave time for tasks to start`
    : undefined;
}

/** Whether there is a time zone of this name, e.g. `Europe/Berlin`. */
export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}

/** The next due times in milliseconds since 1970, or the library's reason why there are none. */
function timesOf(expression: string, zone: string): readonly number[] | string {
  try {
    const cron = new Cron(expression, { timezone: zone, mode: "5-or-6-parts" });
    // From a fixed time, so that the same text is always judged in the same way.
    return cron.nextRuns(compared, new Date("2024-01-01T00:00:00Z")).map((time) => time.getTime());
  } catch (error) {
    return error instanceof Error ? error.message.replace(/^CronPattern: /, "").replace(/\.$/, "") : String(error);
  }
}
