import { afterScaling, type LoadReader, Scaler, type Scaling, type Scalings } from "./autoscale/scaler.ts";
import type { Clock } from "./shared/clock.ts";
import { OutOfSequence, wasRefused } from "@swarm-farm/docker-api";
import type { Swarm } from "./docker/swarm.ts";
import { Lease, LostLease } from "./lease/lease.ts";
import type { Metrics } from "./metrics.ts";
import { type RebalanceContext, type Plan, planMoves } from "./rebalance/plan.ts";
import type { Step } from "./rebalance/move.ts";
import { Mover } from "./rebalance/mover.ts";
import type { Snapshot } from "./shared/model.ts";
import { type Observations, observe, quietMs, steadyMs } from "./observe.ts";
import { LatencyTracker } from "./latency.ts";
import { safetySeconds, type Settings } from "./settings.ts";

/** Dependencies of a steward. */
export interface Parts {
  readonly id: string;
  readonly swarm: Swarm;
  readonly clock: Clock;
  readonly settings: Settings;
  readonly readLoad: LoadReader;
  readonly metrics: Metrics;
  readonly log: (message: string) => void;
}

/** Decisions of the steward at one look, with reasons; the whole of `/state`. */
export interface Decision extends Scalings {
  readonly plan: Plan;
  /** The next step of the move under way. */
  readonly step: Step | undefined;
}

/** The lease with the times that the settings give it. */
export const makeLease = (id: string, swarm: Swarm, clock: Clock, settings: Settings): Lease =>
  new Lease(id, swarm, clock, { leaseMs: settings.leaseSeconds * 1000, safetyMs: safetySeconds(settings) * 1000 });

/** The mover with the numbers that the settings give it. */
export const makeMover = (lease: Lease, swarm: Swarm, clock: Clock, settings: Settings): Mover =>
  new Mover(lease, swarm, clock, {
    deadlineMs: settings.moveDeadlineSeconds * 1000,
    graceMs: settings.moveGraceSeconds * 1000,
    steadyMs: settings.steadySeconds * 1000,
    restMs: settings.restSeconds * 1000,
    restMaxMs: settings.restMaxSeconds * 1000,
  });

/** Looks at the swarm, decides, and acts if it holds the lease: first the policies, then at most one move. */
export class Steward {
  readonly lease: Lease;
  readonly #parts: Parts;
  readonly #mover: Mover;
  readonly #scaler: Scaler;
  readonly #latency = new LatencyTracker();
  #seen: Observations | undefined;
  /** The last line logged about each subject, so that a line is logged once. */
  readonly #logged = new Map<string, string>();
  /** Result of the last look. */
  decision: Decision | undefined;
  /** When the last look ended, well or not; monotonic ms. */
  lookedAt: number;
  /** Why the last look failed, if it did. */
  error: string | undefined;

  constructor(parts: Parts) {
    const { id, swarm, clock, settings } = parts;
    this.#parts = parts;
    this.lookedAt = clock.now();
    this.lease = makeLease(id, swarm, clock, settings);
    this.#mover = makeMover(this.lease, swarm, clock, settings);
    this.#scaler = new Scaler(parts.readLoad);
  }

  /** Looks and acts every period, until `stop`; then leaves the lease to others, who go on with what is half done. */
  async run(stop: AbortSignal): Promise<void> {
    const { clock, settings } = this.#parts;
    while (!stop.aborted) {
      const began = clock.now();
      await this.tick();
      await clock.sleep(Math.max(0, began + settings.periodSeconds * 1000 - clock.now()), stop);
    }
    await this.lease.release().catch(() => undefined);
  }

  /** One look at the swarm and what follows from it; never throws. */
  async tick(): Promise<void> {
    const { metrics } = this.#parts;
    try {
      const held = await this.lease.attend();
      this.#logChange("lease", held ? "holds the lease" : `stands by: '${this.lease.holder}' holds the lease`);
      const snapshot = await this.#parts.swarm.snapshot();
      this.decision = await this.#decide(snapshot);
      this.#measure(snapshot, this.decision);
      if (held) await this.#act(snapshot, this.decision);
      this.error = undefined;
      metrics.looks.inc();
    } catch (error) {
      this.error = (error instanceof Error && error.message) || String(error);
      const kind = error instanceof OutOfSequence ? "conflict" : error instanceof LostLease ? "lease" : "other";
      metrics.errors.inc({ kind });
    }
    this.#logChange("error", this.error === undefined ? "" : `failed, and tries again: ${this.error}`);
    metrics.leaseHeld.set(this.lease.held ? 1 : 0);
    this.lookedAt = this.#parts.clock.now();
  }

  async #decide(snapshot: Snapshot): Promise<Decision> {
    const { clock, settings } = this.#parts;
    const seen = (this.#seen = observe(this.#seen, snapshot, clock.now()));
    const { memory } = this.lease;
    const none = { scalings: [], problems: [] };
    const scaled =
      settings.autoscale === "on" ? await this.#scaler.consider(snapshot, memory, () => clock.now()) : none;
    const now = clock.now();
    const context: RebalanceContext = {
      quietMs: (id) => quietMs(seen, id, now),
      restMs: (id) => Math.max(0, (memory.resting[id]?.until ?? now) - now),
    };
    return {
      ...scaled,
      plan: this.#plan(snapshot, settings.quietSeconds * 1000, context),
      step: this.#mover.next(snapshot, (id) => steadyMs(seen, id, now)),
    };
  }

  #plan(snapshot: Snapshot, quietMs: number, context: RebalanceContext): Plan {
    const { rebalance, threshold } = this.#parts.settings;
    if (rebalance === "off") return { moves: [], refusals: [] };
    return planMoves(snapshot, { threshold, quietMs }, context);
  }

  async #act(snapshot: Snapshot, { scalings, plan, step }: Decision): Promise<void> {
    const due = scalings.filter(({ service, replicas }) => service.replicas !== replicas);
    let refused: unknown;
    for (const scaling of due) {
      try {
        await this.#scale(scaling);
      } catch (error) {
        // One service that cannot be scaled must not keep the others waiting.
        if (!wasRefused(error)) throw error;
        refused = error;
      }
    }
    // A plan made before something was scaled is out of date.
    const [move] = due.length > 0 ? [] : plan.moves;
    if (step) {
      this.#logChange("move", step.why);
      const outcome = await this.#mover.take(step, snapshot);
      if (outcome) this.#parts.metrics.moves.inc({ outcome });
    } else if (move) {
      this.#logChange("move", move.reason);
      await this.#mover.start(move, snapshot);
    }
    if (refused instanceof Error) throw refused;
  }

  async #scale(scaling: Scaling): Promise<void> {
    const { service, replicas, reason } = scaling;
    const { clock, metrics, swarm } = this.#parts;
    await this.lease.save(afterScaling(this.lease.memory, scaling, clock.now()));
    if (!this.lease.held) throw new LostLease("the lease ended before a service could be scaled");
    await swarm.scale(service, replicas);
    const direction = replicas > service.replicas ? "up" : "down";
    if (direction === "up") this.#latency.grew(service.id);
    metrics.scalings.inc({ service: service.name, direction });
    this.#parts.log(`${reason}: ${service.replicas} → ${replicas} replicas`);
  }

  #measure(snapshot: Snapshot, { scalings, problems, plan, step }: Decision): void {
    const { metrics, clock } = this.#parts;
    const now = clock.now();
    metrics.moveUnderWay.set(step ? 1 : 0);
    metrics.badPolicies.set(problems.length);
    metrics.refusals.reset();
    metrics.holds.reset();
    this.#logChange("policies", problems.join("\n"));
    for (const { code } of plan.refusals) metrics.refusals.inc({ reason: code });
    for (const { id, name } of snapshot.services) {
      const refusal = plan.refusals.find(({ serviceId }) => serviceId === id);
      this.#logChange(`refusal ${name}`, refusal?.reason ?? "", refusal?.code);
    }
    for (const { service, held, reason, recommendations } of scalings) {
      if (held !== undefined) metrics.holds.set({ service: service.name, reason: held }, 1);
      // A wait for a node or for data is worth a line; a cooldown is not.
      const serious = held === "pending" || held === "no-data";
      this.#logChange(`hold ${service.name}`, serious ? reason : "", serious ? held : "");
      const seconds = this.#latency.load(snapshot, service.id, recommendations.at(-1)?.replicas, now);
      if (seconds !== undefined && this.lease.held) metrics.growthSeconds.observe(seconds);
    }
    const possible = (): Plan => this.#plan(snapshot, 0, { quietMs: () => Infinity, restMs: () => 0 });
    const seconds = this.#latency.nodes(snapshot, step !== undefined, possible, now);
    if (seconds !== undefined && this.lease.held) metrics.balanceSeconds.observe(seconds);
  }

  /** Logs what is new about a subject: another `key` than last time. */
  #logChange(subject: string, text: string, key = text): void {
    if (this.#logged.get(subject) === key) return;
    this.#logged.set(subject, key);
    if (text !== "") this.#parts.log(text);
  }
}
