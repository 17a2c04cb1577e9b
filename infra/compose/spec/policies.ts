import type { ComposeService, ComposeUpdatePolicy } from "../../../compose";
import type { Mode } from "../../service/spec/mode";
import type { JobSchedule } from "../../service/spec/job";
import type { Job, OneShot, Serving } from "../../service/spec/service-spec";
import type { RollbackPolicy } from "../../service/spec/updates";

/**
 * Keys of services whose tasks end: those that another service waits for with `service_completed_successfully`, and those that
 * Swarm never starts again.
 */
export function oneShotsOf(services: readonly ComposeService[]): ReadonlySet<string> {
  const awaited = services.flatMap(({ dependsOn }) =>
    dependsOn.flatMap(({ service, condition }) => (condition === "completed" ? [service] : [])),
  );
  const ending = services.filter(
    ({ mode, restartPolicy }) => mode.kind !== "global" && restartPolicy?.condition === "none",
  );
  return new Set([...awaited, ...ending.map(({ key }) => key)]);
}

/** How many tasks run, and whether they end. */
export function tasksOf({ mode, restartPolicy = {} }: ComposeService, oneShot: boolean): Serving | OneShot {
  const { condition } = restartPolicy;
  if (oneShot && mode.kind !== "global" && condition !== "any")
    return { oneShot, mode: replicated(mode), restart: { ...restartPolicy, condition } };
  return { mode: mode.kind === "global" ? "global" : replicated(mode), restart: restartPolicy };
}

/** Tasks that run on a schedule; `jobProblems` has refused those that would be started again forever. */
export function jobTasks({ restartPolicy = {} }: ComposeService, job: JobSchedule): Job {
  const { condition, maxAttempts, ...times } = restartPolicy;
  if (condition !== "on-failure" || maxAttempts === undefined) return { job };
  return { job, restart: { ...times, condition, maxAttempts } };
}

function replicated(mode: ComposeService["mode"]): Exclude<Mode, "global"> {
  return { replicas: ("replicas" in mode ? mode.replicas : undefined) ?? 1 };
}

/** How Swarm puts the previous version back. Swarm acts on `rollback` as on `pause` there, and the provider refuses it. */
export function rollbackOf(policy: ComposeUpdatePolicy | undefined): RollbackPolicy | undefined {
  if (policy === undefined) return undefined;
  const { failureAction } = policy;
  return { ...policy, failureAction: failureAction === "rollback" ? "pause" : failureAction };
}
