import type { Memory, Move } from "../lease/memory.ts";
import { isActive, isRunning, type Snapshot, updateUnderWay } from "../model.ts";
import { skewOf } from "./balance.ts";
import { describe, placesOf } from "./places.ts";
import type { PlannedMove } from "./plan.ts";

/*
 * A move is: write it down (phase `up`), scale up, wait until all run, write that down (phase `back`), scale back, wait,
 * forget it. Whoever finds it written down goes on from what the service looks like: nothing depends on the process.
 */

/** The numbers of a move. */
export interface MoveSettings {
  /** How long new tasks may take until they run. */
  readonly deadlineMs: number;
  /** How long all tasks must have run unchanged before the surplus is removed. */
  readonly steadyMs: number;
  /** First rest after a failed move; each further failure doubles it, up to `restMaxMs`. */
  readonly restMs: number;
  readonly restMaxMs: number;
}

/** How a move ended: `dropped` is one that others overtook. */
export type Outcome = "moved" | "undone" | "useless" | "dropped";

/** What to do about a move now, and why. */
export type Step =
  | { readonly kind: "wait"; readonly why: string }
  | { readonly kind: "scale"; readonly replicas: number; readonly move: Move; readonly why: string }
  | { readonly kind: "end"; readonly outcome: Outcome; readonly why: string };

/**
 * A scale request whose answer got lost may still be carried out by Docker; for this long a move that seems not to have
 * begun is not forgotten. Docker gives up its own requests to the swarm sooner.
 */
const lostRequestMs = 15_000;

/** A planned move as it is written down before it begins. */
export const begin = ({ serviceId, service, from, to, skew }: PlannedMove, now: number, deadlineMs: number): Move => ({
  serviceId,
  service,
  from,
  to,
  skew,
  phase: "up",
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
  if (service.replicas !== move.from && service.replicas !== move.to) {
    return end("dropped", `was scaled to ${service.replicas} during its move, and stays so`);
  }

  const tasks = snapshot.tasks.filter((task) => task.serviceId === move.serviceId);
  const running = tasks.filter(isRunning).length;
  const active = tasks.filter(isActive).length;
  const late = now >= move.until;
  const back = (why: string, failure?: string): Step => ({
    kind: "scale",
    replicas: move.from,
    move: { ...move, phase: "back", until: now + settings.deadlineMs, ...(failure !== undefined && { failure }) },
    why: `${name} ${why}`,
  });

  if (move.phase === "up") {
    if (service.replicas === move.from) {
      const begunMs = settings.deadlineMs - (move.until - now);
      if (begunMs < lostRequestMs) return wait("was not scaled yet: a request may be on its way");
      return end("dropped", `has its ${move.from} tasks: its move did not begin, or somebody ended it`);
    }
    const settled = running === move.to && active === move.to && service.running === move.to;
    if (settled && steadyMs >= settings.steadyMs) {
      return back(`runs ${move.to} tasks: back to ${move.from}, from where it has most`);
    }
    if (!late) return wait(`runs ${running} of ${move.to} tasks`);
    const errors = new Set(tasks.filter((task) => isActive(task) && !isRunning(task)).map(({ error }) => error));
    const why = [`${running} of ${move.to} tasks ran in time`, ...[...errors].filter(Boolean)].join(": ");
    return back(`goes back to ${move.from} tasks, because only ${why}`, why);
  }

  if (service.replicas === move.to) return back("is still to be scaled back", move.failure);
  if ((running !== move.from || active !== move.from) && !late) return wait(`runs ${running} of ${move.from} tasks`);
  const places = placesOf(service, snapshot);
  if (move.failure !== undefined) return end("undone", `was not moved: only ${move.failure} (${describe(places)})`);
  return skewOf(places) < move.skew
    ? end("moved", `is rebalanced (${describe(places)})`)
    : end("useless", `was moved, but is as uneven as before (${describe(places)})`);
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
