import type { Clock } from "./shared/clock.ts";
import { OutOfSequence } from "@swarm-farm/docker-api";
import type { Swarm } from "./docker/swarm.ts";
import { type Lease, leaseName } from "./lease/lease.ts";
import { decode } from "./lease/memory.ts";
import type { Snapshot } from "./shared/model.ts";
import { type Observations, observe, steadyMs } from "./observe.ts";
import type { Mover } from "./rebalance/mover.ts";
import { describe, candidatesOf } from "./rebalance/candidates.ts";
import { type Plan, planMoves } from "./rebalance/plan.ts";
import type { Settings } from "./settings.ts";
import { makeLease, makeMover } from "./steward.ts";

/** One pass over the swarm, on demand. */
export interface Order {
  readonly id: string;
  readonly swarm: Swarm;
  readonly clock: Clock;
  readonly settings: Settings;
  /** Names of services; none: all. */
  readonly services: readonly string[];
  readonly dryRun: boolean;
  readonly print: (line: string) => void;
}

/** How often it looks; people watch. */
const lookMs = 1_000;

/** Rebalances now, without quiet period and rests; returns whether all moves succeeded. Throws for an unknown service. */
export async function rebalance(order: Order): Promise<boolean> {
  const { id, swarm, clock, settings, print } = order;
  const snapshot = await swarm.snapshot();
  const unknown = order.services.find((name) => !snapshot.services.some((service) => service.name === name));
  if (unknown !== undefined) throw new Error(`there is no service '${unknown}'`);
  const plan = planFor(order, snapshot);
  report(order, snapshot, plan);
  if (order.dryRun || (plan.moves.length === 0 && !(await isHalfDone(order)))) return true;

  const lease = makeLease(id, swarm, clock, settings);
  try {
    await obtain(lease, order);
    return await pass(lease, makeMover(lease, swarm, clock, settings), order);
  } finally {
    await lease.release().catch((error: unknown) => {
      print(`the lease could not be given back, and ends by itself: ${String(error)}`);
    });
  }
}

/** Whether a steward or an earlier command left a move behind: its service still has more replicas than it should. */
async function isHalfDone({ swarm, clock }: Order): Promise<boolean> {
  const { labels } = await swarm.labels(leaseName);
  return decode(labels.memory ?? "", clock.now())?.move !== undefined;
}

function planFor({ settings: { threshold }, services }: Order, snapshot: Snapshot): Plan {
  const isRequested = ({ service }: { readonly service: string }): boolean =>
    services.length === 0 || services.includes(service);
  const plan = planMoves(snapshot, { threshold, quietMs: 0 }, { quietMs: () => 0, restMs: () => 0 });
  return { moves: plan.moves.filter(isRequested), refusals: plan.refusals.filter(isRequested) };
}

function report({ services, dryRun, print }: Order, snapshot: Snapshot, { moves, refusals }: Plan): void {
  if (dryRun) for (const { reason } of moves) print(`would move: ${reason}`);
  for (const { reason } of refusals) print(reason);
  const uneven = new Set([...moves, ...refusals].map(({ service }) => service));
  for (const service of snapshot.services) {
    if (!services.includes(service.name) || uneven.has(service.name)) continue;
    print(`service '${service.name}' is balanced (${describe(candidatesOf(service, snapshot))})`);
  }
  if (uneven.size === 0 && services.length === 0) print("all services are balanced");
}

/** Asks the holder for the lease, which it gives when nothing is half done; a dead holder's ends by itself. */
async function obtain(lease: Lease, { clock, settings, print }: Order): Promise<void> {
  const timeoutMs = (settings.leaseSeconds + 4 * settings.moveDeadlineSeconds + settings.moveGraceSeconds) * 1000;
  const until = clock.now() + timeoutMs;
  let announced = false;
  while (!(await lease.attend(true))) {
    if (!announced) print(`waits for '${lease.holder}' to hand over`);
    announced = true;
    await clock.sleep(lookMs);
    if (clock.now() >= until) throw new Error(`'${lease.holder}' did not hand over in ${timeoutMs / 1000} s`);
  }
}

/** Ends a move that a steward left half done, then makes each planned move once. */
async function pass(lease: Lease, mover: Mover, order: Order): Promise<boolean> {
  const { swarm, clock, print } = order;
  const tried = new Set<string>();
  let seen: Observations | undefined;
  let printed = "";
  let good = true;
  const printChange = (line: string): void => {
    if (line !== printed) print(line);
    printed = line;
  };
  for (let round = 0; ; round++) {
    if (round > 0) await clock.sleep(lookMs);
    if (!(await lease.attend(true))) throw new Error(`the lease was lost to '${lease.holder}'`);
    const snapshot = await swarm.snapshot();
    const now = clock.now();
    seen = observe(seen, snapshot, now);
    const steady = seen;
    const step = mover.next(snapshot, (id) => steadyMs(steady, id, now));
    try {
      if (step) {
        printChange(step.why);
        const outcome = await mover.take(step, snapshot);
        if (outcome !== undefined && outcome !== "moved") good = false;
        continue;
      }
      const move = planFor(order, snapshot).moves.find(({ serviceId }) => !tried.has(serviceId));
      if (!move) return good;
      printChange(move.reason);
      await mover.start(move, snapshot);
      tried.add(move.serviceId);
    } catch (error) {
      // Changed since it was read: the next round reads and decides again.
      if (!(error instanceof OutOfSequence)) throw error;
      printChange(error.message);
    }
  }
}
