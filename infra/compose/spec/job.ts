import type { ComposeService } from "../../../compose";
import { jobLabel, jobLabels, type JobSchedule } from "../../service/spec/job";

/** Whether the labels of a service ask for runs on a schedule. */
export function isJob({ serviceLabels }: ComposeService): boolean {
  return serviceLabels[jobLabel] === "true";
}

/** The schedule of a service that is a job; `jobProblems` has refused wrong labels. Its default of `overlap` is swarm-cronjob's. */
export function jobOf(service: ComposeService): JobSchedule | undefined {
  if (!isJob(service)) return undefined;
  const value = (label: keyof typeof jobLabels) => {
    const text = service.serviceLabels[jobLabels[label]];
    return typeof text === "string" ? text : undefined;
  };
  const [tasks, timeLimit] = [value("replicas"), value("timeLimit")];
  return {
    schedule: value("schedule") ?? "",
    tasks: tasks === undefined ? undefined : Number(tasks),
    overlap: value("skipRunning") === "true" ? "skip" : "replace",
    missed: value("missed") === "run" ? "run" : "skip",
    timeLimitSeconds: timeLimit === undefined ? undefined : Number(timeLimit),
  };
}
