import type { Memory, Move } from "../lease/memory.ts";
import { isActive, isRunning, type Snapshot, type Task, updateUnderWay } from "../shared/model.ts";
import { skewOf } from "./balance.ts";
import { describe, candidatesOf } from "./candidates.ts";
import type { PlannedMove } from "./plan.ts";

/*
 * A move is: write it down and start one new task (phase `probe`), then all others (`up`); once all run, write that down
 * and scale back (`back`), wait, forget it. The steward that finds it written down continues from the service's present state:
 * nothing depends on the process.
 */

/** The numbers of a move. */
export interface MoveSettings {
  /** How long new tasks may take until they run. */
  readonly deadlineMs: number;
  /** How much longer they may take if giving them up would cost tasks that run. */
  readonly graceMs: number;
  /** How long all tasks must have run unchanged before the next phase. */
  readonly steadyMs: number;
  /** First rest after a failed move; each further failure doubles it, up to `restMaxMs`. */
  readonly restMs: number;
  readonly restMaxMs: number;
}

/** How a move ended: `dropped` is one that others overtook. */
export type Outcome = "moved" | "undone" | "useless" | "dropped";

/** Action on a move, and its reason. */
export type Step =
  | { readonly kind: "wait"; readonly why: string }
  | { readonly kind: "scale"; readonly replicas: number; readonly move: Move; readonly why: string }
  | { readonly kind: "end"; readonly outcome: Outcome; readonly why: string };

/**
 * A scale request whose answer got lost may still be carried out by Docker; for this long a move that seems not to have
 * begun is not forgotten. Docker gives up its own requests to the swarm sooner.
 */
const lostRequestMs = 15_000;

/** The count of a phase that starts tasks. */
export const countOf = ({ phase, from, to }: Move): number => (phase === "probe" ? from + 1 : to);

/** A planned move as it is written down before it begins. */
export const begin = ({ serviceId, service, from, to, skew }: PlannedMove, now: number, deadlineMs: number): Move => ({
  serviceId,
  service,
  from,
  to,
  skew,
  phase: to > from + 1 ? "probe" : "up",
  until: now + deadlineMs,
});

/** Decides the next step of a move; pure. `steadyMs`: for how long the service and its tasks have been as they are. */
export function nextStep(move: Move, snapshot: Snapshot, steadyMs: number, now: number, settings: MoveSettings): Step {
  const service = snapshot.services.find(({ id }) => id === move.serviceId);
  const name = `service '${move.service}'`;
  const end = (outcome: Outcome, why: string): Step => ({ kind: "end", outcome, why: `${name} ${why}` });
  const wait = (why: string): Step => ({ kind: "wait", why: `${name} ${why}` });
  if (service?.mode !== "replicated") return end("dropped", "was removed during its move");
  const update = updateUnderWay(service);
  if (update !== undefined) return wait(`${update}: its move waits`);
  if (![move.from, move.from + 1, move.to].includes(service.replicas)) {
    return end("dropped", `was scaled to ${service.replicas} during its move, and stays so`);
  }

  const tasks = snapshot.tasks.filter((task) => task.serviceId === move.serviceId && isActive(task));
  const running = tasks.filter(isRunning).length;
  const enter = (phase: Move["phase"], why: string, failure = move.failure): Step => {
    const next = { ...move, phase, until: now + settings.deadlineMs, ...(failure !== undefined && { failure }) };
    return { kind: "scale", replicas: phase === "back" ? move.from : move.to, move: next, why: `${name} ${why}` };
  };

  if (move.phase === "back") {
    if (service.replicas !== move.from) return enter("back", "is still to be scaled back");
    const settled = running === move.from && tasks.length === move.from;
    if (!settled && now < move.until) return wait(`runs ${running} of ${move.from} tasks`);
    const candidates = candidatesOf(service, snapshot);
    if (move.failure !== undefined)
      return end("undone", `was not moved: only ${move.failure} (${describe(candidates)})`);
    return skewOf(candidates) < move.skew
      ? end("moved", `is rebalanced (${describe(candidates)})`)
      : end("useless", `was moved, but is as uneven as before (${describe(candidates)})`);
  }

  const count = countOf(move);
  if (service.replicas === move.from) {
    const begunMs = settings.deadlineMs - (move.until - now);
    if (begunMs < lostRequestMs) return wait("was not scaled yet: a request may be on its way");
    return end("dropped", `has its ${move.from} tasks: its move did not begin, or it was ended by hand`);
  }
  // The phase was written down, but nobody got to scale.
  if (service.replicas < count) return enter(move.phase, `is still to be scaled to ${count} tasks`);
  if (running === count && tasks.length === count && service.running === count) {
    if (steadyMs < settings.steadyMs) return wait(`has run ${count} tasks for a moment`);
    if (move.phase === "probe") return enter("up", `runs a first new task: now ${move.to - count} more`);
    return enter("back", `runs ${count} tasks: back to ${move.from}, from where it has most`);
  }
  if (now < move.until) return wait(`runs ${running} of ${count} tasks`);
  const errors = new Set(tasks.filter((task) => !isRunning(task)).map(({ error }) => error));
  const failure = [`${running} of ${count} tasks ran in time`, ...[...errors].filter(Boolean)].join(": ");
  if (running - lostBy(tasks, service.replicas - move.from) < move.from && now < move.until + settings.graceMs) {
    return wait(`is not given up yet, although only ${failure}; Swarm would remove tasks that run`);
  }
  return enter("back", `goes back to ${move.from} tasks, because only ${failure}`, failure);
}

/**
 * How many running tasks a scaling down by so many can cost. swarmkit first removes tasks without a node, then the last
 * of those nodes that have most, even if these run and others do not; only on one node does it keep the running ones.
 */
export function lostBy(tasks: readonly Task[], by: number): number {
  const nth = new Map<string, number>();
  const ranked = [...tasks]
    .sort((a, b) => Number(isRunning(b)) - Number(isRunning(a)))
    .map((task) => {
      const rank = task.nodeId === "" ? Infinity : (nth.get(task.nodeId) ?? 0) + 1;
      nth.set(task.nodeId, rank);
      return { rank, runs: isRunning(task) };
    });
  const last = ranked.sort((a, b) => (a.rank === b.rank ? Number(b.runs) - Number(a.runs) : b.rank - a.rank));
  return last.slice(0, by).filter(({ runs }) => runs).length;
}

/** The memory after a move ended: a failed one is followed by a rest, twice as long after each failure. */
export function afterMove(memory: Memory, move: Move, outcome: Outcome, now: number, settings: MoveSettings): Memory {
  const rest: Memory = { resting: memory.resting, cooling: memory.cooling };
  const { [move.serviceId]: earlier, ...others } = memory.resting;
  if (outcome === "moved") return { ...rest, resting: others };
  if (outcome === "dropped") return rest;
  const failures = (earlier?.failures ?? 0) + 1;
  const restMs = Math.min(settings.restMaxMs, settings.restMs * 2 ** (failures - 1));
  return { ...rest, resting: { ...others, [move.serviceId]: { until: now + restMs, failures } } };
}
