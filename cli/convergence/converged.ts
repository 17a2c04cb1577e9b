import { counted } from "../../infra/config/counted";
import type { ServiceFact, SwarmFacts, TaskFact } from "./swarm";

/** Whether a farm is stable: every service has converged, and each task has run for long enough. */
export interface Convergence {
  /** Services and nodes that have not converged, a line each; empty if the farm is stable. */
  readonly why: readonly string[];
  /** The same for services of other programs, which are not waited for. */
  readonly others: readonly string[];
  /** After how many seconds the farm is stable if nothing changes; absent if something has to change. */
  readonly inSeconds?: number;
}

/** A task that fails earlier than this after its start may fail repeatedly. */
const loopSeconds = 60;

/** How long docker's own client looks at running tasks before it calls a service converged. */
const verifySeconds = 5;

/** Update states that are not waited for: the tasks show the result. */
const endedUpdates = new Set<string | undefined>([undefined, "completed", "rollback_completed"]);

/**
 * Evaluates the answer of a manager.
 *
 * A task whose health check has passed counts as soon as docker's client would count it. Of one without a health check nobody knows that
 * it works: it has to run for a heartbeat, which is longer on slow nodes. A task whose predecessor failed early has to run for longer
 * than that one did.
 *
 * @param seen how many seconds this run has seen a task in its state; it counts if the clocks of nodes differ
 */
export function convergenceOf(
  { services, heartbeatSeconds }: SwarmFacts,
  seen: (task: TaskFact) => number,
): Convergence {
  const own = services.filter((service) => service.own);
  const others = services.filter((service) => !service.own).flatMap((service) => lacks(service));
  const unconverged = own.flatMap((service) => lacks(service));
  if (unconverged.length > 0) return { why: unconverged, others };
  const young = own.flatMap(({ tasks, healthChecked }) => {
    const least = healthChecked ? Math.min(verifySeconds, heartbeatSeconds) : heartbeatSeconds;
    return tasks.flatMap((task) => {
      const seconds = Math.max(task.seconds, seen(task));
      const more = earlyFailure(task);
      const needed = least + more;
      return seconds < needed ? [{ name: task.name, seconds: Math.max(0, seconds), needed, more }] : [];
    });
  });
  if (young.length === 0) return { why: [], others };
  const why = young.map(
    ({ name, seconds, needed, more }) =>
      `task ${name} has run for ${seconds.toFixed()} s of the ${needed.toFixed()} s that up waits for${more > 0 ? ", since the one before it failed" : ""}`,
  );
  return { why, others, inSeconds: Math.max(...young.map(({ seconds, needed }) => needed - seconds)) };
}

function earlyFailure({ failedAfter = 0 }: TaskFact): number {
  return failedAfter < loopSeconds ? Math.max(0, failedAfter) : 0;
}

/** Why a service has not converged; empty if it has. */
export function lacks({ name, desired, tasks, update }: ServiceFact): string[] {
  // Nothing is to run. Tasks that end soon after their start pause an update.
  if (desired === 0 && tasks.length === 0) return [];
  if (!endedUpdates.has(update)) return [`service ${name}: its update is '${update ?? ""}'`];
  const running = tasks.filter(({ state }) => state === "running").length;
  const others = tasks.filter(({ state }) => state !== "running");
  if (running === desired && others.length === 0) return [];
  const list = others.map(stateOf).join("; ");
  return [
    `service ${name}: ${String(running)} of ${counted(desired, "task runs", "tasks run")}${list && ` (${list})`}`,
  ];
}

function stateOf({ name, state, error, failedWith = "" }: TaskFact): string {
  const reason = error || (failedWith && `the one before it failed: ${failedWith}`);
  return `${name} is '${state}'${reason && `, ${reason}`}`;
}
