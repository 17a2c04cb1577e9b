import type { Service, Task } from "../shared/model.ts";

/** The few kinds of states that people distinguish; each has a shape of its own. */
export const groups = ["running", "starting", "waiting", "failed", "ended"] as const;

/** One of them. */
export type Group = (typeof groups)[number];

/** The kind of state a task is in. */
export function groupOf(task: Task): Group {
  switch (task.state) {
    case "failed":
    case "rejected":
    case "orphaned":
      return "failed";
    case "complete":
    case "shutdown":
    case "remove":
      return "ended";
    case "pending":
      return "waiting";
    case "running":
      return task.desired === "running" || task.desired === "complete" ? "running" : "ended";
    default:
      return "starting";
  }
}

/** A task's state in words. */
export function stateText(task: Task): string {
  if (task.state === "pending") return "waiting";
  if (task.state === "running" && groupOf(task) === "ended") return "stopping";
  return task.exitCode ? `${task.state}, exit ${task.exitCode}` : task.state;
}

/** How many of a service's tasks are there: of a job, those that came to their end. */
export const thereOf = (service: Service): number =>
  service.mode.includes("job") ? service.completed : service.running;

/** Whether a service has all it wants. */
export const hasEnough = (service: Service): boolean => thereOf(service) >= service.desiredTasks;
