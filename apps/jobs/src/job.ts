import { parseSchedule, type Schedule } from "./schedule.ts";

/** The label that makes a service a job. */
export const enableLabel = "swarm.cronjob.enable";

/** Labels of a job: those of swarm-cronjob, and the farm's own. */
const label = {
  schedule: "swarm.cronjob.schedule",
  skipRunning: "swarm.cronjob.skip-running",
  replicas: "swarm.cronjob.replicas",
  missed: "swarm-farm.job.missed",
  limit: "swarm-farm.job.time-limit-seconds",
} as const;

/** What the labels of a service ask for. */
export interface Job {
  readonly schedule: Schedule;
  /** Tasks of each run. */
  readonly tasks: number;
  /** What happens to a run that is due while another one is under way: it is left out, or takes the other's place. */
  readonly overlap: "skip" | "replace";
  /** What happens to a run that was due while nobody could start it. */
  readonly missed: "skip" | "run";
  /** How long a run may take. */
  readonly limitMs: number | undefined;
}

/**
 * Reads a service's labels; undefined if it is no job.
 *
 * @param timeZone of schedules that name none
 * @throws Error with the wrong label
 */
export function readJob(labels: Readonly<Record<string, string>>, timeZone: string): Job | undefined {
  if (labels[enableLabel] !== "true") return undefined;
  const schedule = labels[label.schedule];
  if (schedule === undefined) throw new Error(`it has no label ${label.schedule}`);
  const limit = labels[label.limit];
  return {
    schedule: parseSchedule(schedule, timeZone),
    tasks: whole(label.replicas, labels[label.replicas] ?? "1"),
    overlap: choice(label.skipRunning, labels[label.skipRunning] ?? "false", { true: "skip", false: "replace" }),
    missed: choice(label.missed, labels[label.missed] ?? "skip", { skip: "skip", run: "run" }),
    limitMs: limit === undefined ? undefined : whole(label.limit, limit) * 1000,
  };
}

function whole(name: string, text: string): number {
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw new Error(`its label ${name} is '${text}'; allowed: a whole number from 1`);
}

function choice<T>(name: string, text: string, choices: Readonly<Record<string, T>>): T {
  const found = choices[text];
  if (found !== undefined) return found;
  throw new Error(`its label ${name} is '${text}'; allowed: ${Object.keys(choices).join(", ")}`);
}
