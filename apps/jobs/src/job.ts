import { readLabels, type Ways } from "./labels.ts";
import { parseSchedule, type Schedule } from "./schedule.ts";

/** A job as the labels of its service describe it. */
export interface Job extends Ways {
  readonly schedule: Schedule;
}

/**
 * Reads a service's labels; undefined if it is no job.
 *
 * @param timeZone of schedules that name none
 * @throws Error with the wrong label
 */
export function readJob(labels: Readonly<Record<string, string>>, timeZone: string): Job | undefined {
  const read = readLabels(labels);
  if (read === undefined) return undefined;
  const { text, ...ways } = read;
  return { ...ways, schedule: parseSchedule(text, timeZone) };
}
