import type { Job } from "./job.ts";
import { dueOf, type Run, type Service } from "./run.ts";

/** The next action for a job. */
export type Step =
  | { readonly kind: "start"; readonly due: number }
  | { readonly kind: "stop" }
  /** `overlap`, `missed`: why the run that was due is left out. */
  | { readonly kind: "wait"; readonly leftOut?: { readonly due: number; readonly why: "overlap" | "missed" } };

/** A run that is due for longer was missed: a manager that fails is replaced within minutes. */
export const lateMs = 300_000;

/** A time that is further ahead is of a clock that was wrong. */
const aheadMs = 60_000;

/** Decides by the job, its last run and the time alone: two schedulers decide the same. */
export function decide(job: Job, service: Service, run: Run, now: number): Step {
  const due = job.schedule.last(now);
  const isDue = due !== undefined && due > doneUntil(service, run, now);
  const isMissed = isDue && now - due > lateMs && job.missed === "skip";
  const skips = run.state === "running" && job.overlap === "skip";
  if (isDue && !isMissed && !skips) return { kind: "start", due };
  if (exceeds(job, run, now)) return { kind: "stop" };
  return isDue ? { kind: "wait", leftOut: { due, why: skips ? "overlap" : "missed" } } : { kind: "wait" };
}

/**
 * Runs that were due up to then need nothing: the last one was started for that time, or its service was made or changed then, or
 * a run was under way.
 */
function doneUntil(service: Service, run: Run, now: number): number {
  const times = [dueOf(service) ?? service.updatedAt, run.ended ?? 0];
  return Math.max(0, ...times.filter((time) => time <= now + aheadMs));
}

function exceeds({ limitMs }: Job, { state, began }: Run, now: number): boolean {
  return limitMs !== undefined && state === "running" && began !== undefined && now - began >= limitMs;
}
