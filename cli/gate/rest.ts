import type { ServiceFact, SwarmFacts, TaskFact } from "./swarm";

/** Whether a farm rests: every service is full and healthy, and no task changed for a heartbeat. */
export interface Rest {
  /** What does not, a line each; none if all does. */
  readonly why: readonly string[];
  /** The same of services that others made: nobody waits for them. */
  readonly others: readonly string[];
  /** After how many seconds all may rest if nothing changes; absent where something has to change. */
  readonly inSeconds?: number;
}

/** A task that failed earlier than this may do so again and again; one that lived for longer was stopped by something else. */
const loopSeconds = 60;

/** States of an update that nobody has to wait for: tasks tell how it ended. */
const endedUpdates = new Set<string | undefined>([undefined, "completed", "rollback_completed"]);

/**
 * Judges what a manager says.
 *
 * A node that dies is missed after some heartbeats only, and a balancer that is being replaced is full again at once: a
 * task counts when it has run for a heartbeat. One whose predecessor failed early has to outlive it.
 *
 * @param seen for how many seconds this run has seen a task as it is, which counts where the clocks of nodes differ
 */
export function restOf({ services, heartbeatSeconds }: SwarmFacts, seen: (task: TaskFact) => number): Rest {
  const own = services.filter((service) => service.own);
  const others = services.filter((service) => !service.own).flatMap((service) => lacks(service));
  const lacking = own.flatMap((service) => lacks(service));
  if (lacking.length > 0) return { why: lacking, others };
  const young = own.flatMap(({ tasks }) =>
    tasks.flatMap((task) => {
      const seconds = Math.max(task.seconds, seen(task));
      const needed = heartbeatSeconds + earlyFailure(task);
      return seconds < needed ? [{ name: task.name, seconds: Math.max(0, seconds), needed }] : [];
    }),
  );
  if (young.length === 0) return { why: [], others };
  const why = young.map(
    ({ name, seconds, needed }) =>
      `task ${name} runs since ${seconds.toFixed()} s, and rests after ${needed.toFixed()} s${needed > heartbeatSeconds ? ", since the one before it failed" : ""}`,
  );
  return { why, others, inSeconds: Math.max(...young.map(({ seconds, needed }) => needed - seconds)) };
}

function earlyFailure({ failedAfter = 0 }: TaskFact): number {
  return failedAfter < loopSeconds ? Math.max(0, failedAfter) : 0;
}

/** What keeps a service from being full and healthy; none if nothing does. */
export function lacks({ name, wanted, tasks, update }: ServiceFact): string[] {
  if (!endedUpdates.has(update)) return [`service ${name}: its update is '${update ?? ""}'`];
  const running = tasks.filter(({ state }) => state === "running").length;
  const others = tasks.filter(({ state }) => state !== "running");
  if (running === wanted && others.length === 0) return [];
  const list = others.map((task) => `${task.name} is '${task.state}'${task.error && `, ${task.error}`}`).join("; ");
  return [`service ${name}: ${String(running)} of ${String(wanted)} tasks run${list && ` (${list})`}`];
}
