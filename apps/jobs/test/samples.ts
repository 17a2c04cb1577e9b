import type { Job } from "../src/job.ts";
import { parseSchedule } from "../src/schedule.ts";
import { counterOf, type Service, type Task } from "../src/run.ts";

/** Noon, UTC. */
export const noon = Date.parse("2026-03-10T12:00:00Z");

/** Minutes after noon. */
export const minutes = (count: number): number => noon + count * 60_000;

/** A job of every hour, or another schedule. */
export const jobOf = (more: Partial<Job> = {}, schedule = "0 * * * *"): Job => ({
  schedule: parseSchedule(schedule, "UTC"),
  tasks: 1,
  overlap: "skip",
  missed: "skip",
  limitMs: undefined,
  ...more,
});

/** A task of the run of noon that ended well half a minute later. */
export const taskOf = (more: Partial<Task> = {}): Task => ({
  slot: 1,
  forceUpdate: counterOf(noon),
  state: "complete",
  desired: "shutdown",
  createdAt: noon,
  stateAt: noon + 30_000,
  error: "",
  exitCode: 0,
  ...more,
});

/** A task of the run of noon that is under way. */
export const running = (more: Partial<Task> = {}): Task => taskOf({ state: "running", desired: "running", ...more });

/** A job whose run of noon ended well. */
export const serviceOf = (more: Partial<Service> = {}): Service => ({
  id: "s1",
  name: "shop_report",
  version: 7,
  labels: {},
  updatedAt: noon,
  forceUpdate: counterOf(noon),
  replicas: 1,
  tasks: [taskOf()],
  ...more,
});
