import type { Alert } from "../contract/entries";

const page = "how-to/jobs.md#what-happens-when";
const log = "./farm docker service logs --tail 50 {{ $labels.service }}";

/** A job that skips runs for as long may hang. */
const stuckSeconds = 3600;

/** Alerts about jobs, from the metrics of apps/jobs. */
export const jobAlerts: readonly Alert[] = [
  {
    name: "JobFailed",
    expression: "swarm_farm_job_last_run_failed == 1",
    severity: "warning",
    summary: "the last run of job {{ $labels.service }} failed, or was stopped before its end",
    action: `${log} has its last words, ./farm doctor the exit code`,
    page,
  },
  {
    name: "JobMissed",
    expression: "swarm_farm_job_missed == 1",
    severity: "warning",
    summary: "job {{ $labels.service }} was due while nothing could start it, and is not made up for",
    action:
      "./farm docker service update --detach --force --replicas 1 {{ $labels.service }} runs it now; label swarm-farm.job.missed=run does so by itself",
    page,
  },
  {
    name: "JobStuck",
    expression: "swarm_farm_job_skipped == 1",
    forSeconds: stuckSeconds,
    severity: "warning",
    summary: "a run of job {{ $labels.service }} is under way and the next ones are left out",
    action: `${log} shows whether it hangs; label swarm-farm.job.time-limit-seconds stops one that does`,
    page,
  },
  {
    name: "JobNeverStarted",
    expression: "swarm_farm_job_wrong == 1",
    severity: "warning",
    summary: "the labels of job {{ $labels.service }} are wrong: it is never started",
    action: "./farm doctor has the reason; correct the labels",
    page,
  },
];
