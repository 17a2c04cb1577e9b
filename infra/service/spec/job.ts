/**
 * When a job runs. A program in the swarm must start its runs: a farm's own, or swarm-cronjob, which does not know `missed` and
 * `timeLimitSeconds`.
 */
export interface JobSchedule {
  /**
   * A cron expression: five fields, six with seconds in front, or `@daily` and the like. `CRON_TZ=Europe/Berlin ` may stand in
   * front; else the time zone is that of the program.
   */
  readonly schedule: string;
  /** Tasks of each run. Default: 1. */
  readonly tasks?: number | undefined;
  /** A run that is due while one is under way is left out, or takes the other's place. Default: `skip`. */
  readonly overlap?: "skip" | "replace" | undefined;
  /** `run`: the last of the runs that nobody could start is started once that is possible. Default: `skip`. */
  readonly missed?: "skip" | "run" | undefined;
  /** A run that takes longer is stopped. Default: it takes as long as it does. */
  readonly timeLimitSeconds?: number | undefined;
}

/** The label of a service that is a job. */
export const jobLabel = "swarm.cronjob.enable";

/** Labels of a job: those of swarm-cronjob, and the farm's own. */
export const jobLabels = {
  enable: jobLabel,
  schedule: "swarm.cronjob.schedule",
  skipRunning: "swarm.cronjob.skip-running",
  replicas: "swarm.cronjob.replicas",
  missed: "swarm-farm.job.missed",
  timeLimit: "swarm-farm.job.time-limit-seconds",
} as const;

/** Whether labels, as Pulumi's state lists them, make their service a job. */
export function makesJob(labels: readonly { readonly label: string; readonly value: string }[]): boolean {
  return labels.some(({ label, value }) => label === jobLabel && value === "true");
}

/** Whether a label says how a job runs. */
export function isJobLabel(label: string): boolean {
  return /^(swarm\.cronjob|swarm-farm\.job)\./.test(label);
}

/** The labels by which a job is found and started. The steward moves none of its tasks: that would start one. */
export function labelsOf({ schedule, tasks = 1, overlap = "skip", missed = "skip", timeLimitSeconds }: JobSchedule) {
  return {
    [jobLabels.enable]: "true",
    [jobLabels.schedule]: schedule,
    [jobLabels.skipRunning]: String(overlap === "skip"),
    ...(tasks === 1 ? {} : { [jobLabels.replicas]: String(tasks) }),
    ...(missed === "skip" ? {} : { [jobLabels.missed]: missed }),
    ...(timeLimitSeconds === undefined ? {} : { [jobLabels.timeLimit]: String(timeLimitSeconds) }),
    "swarm-farm.rebalance": "false",
  };
}
