import type { Clock } from "../shared/clock.ts";
import { OutOfSequence, wasRefused } from "@swarm-farm/docker-api";
import type { Swarm } from "../docker/swarm.ts";
import { type Lease, LostLease } from "../lease/lease.ts";
import type { Snapshot } from "../shared/model.ts";
import { afterMove, begin, countOf, type MoveSettings, nextStep, type Outcome, type Step } from "./move.ts";
import type { PlannedMove } from "./plan.ts";

/** Carries moves out: writes down what it is about to do, then does it. */
export class Mover {
  readonly #lease: Lease;
  readonly #swarm: Swarm;
  readonly #clock: Clock;
  readonly #settings: MoveSettings;

  constructor(lease: Lease, swarm: Swarm, clock: Clock, settings: MoveSettings) {
    this.#lease = lease;
    this.#swarm = swarm;
    this.#clock = clock;
    this.#settings = settings;
  }

  /** The next step of the move under way, if there is one. */
  next(snapshot: Snapshot, steadyMs: (serviceId: string) => number): Step | undefined {
    const { move } = this.#lease.memory;
    return move && nextStep(move, snapshot, steadyMs(move.serviceId), this.#clock.now(), this.#settings);
  }

  /** Begins a move. */
  async start(planned: PlannedMove, snapshot: Snapshot): Promise<void> {
    const move = begin(planned, this.#clock.now(), this.#settings.deadlineMs);
    const before = this.#lease.memory;
    await this.#lease.save({ ...before, move });
    try {
      await this.#scale(snapshot, planned.serviceId, countOf(move));
    } catch (error) {
      // Only what Docker certainly did not do may be forgotten. What it will not do is not tried again at once.
      if (error instanceof OutOfSequence) await this.#lease.save(before);
      else if (wasRefused(error)) {
        await this.#lease.save(afterMove(before, move, "undone", this.#clock.now(), this.#settings));
      }
      throw error;
    }
  }

  /** Takes a step; returns how the move ended, if it did. */
  async take(step: Step, snapshot: Snapshot): Promise<Outcome | undefined> {
    const { memory } = this.#lease;
    if (step.kind === "wait" || !memory.move) return undefined;
    if (step.kind === "scale") {
      await this.#lease.save({ ...memory, move: step.move });
      await this.#scale(snapshot, step.move.serviceId, step.replicas);
      return undefined;
    }
    await this.#lease.save(afterMove(memory, memory.move, step.outcome, this.#clock.now(), this.#settings));
    return step.outcome;
  }

  async #scale(snapshot: Snapshot, serviceId: string, replicas: number): Promise<void> {
    const service = snapshot.services.find(({ id }) => id === serviceId);
    if (!this.#lease.held) throw new LostLease("the lease ended before the service could be scaled");
    if (service) await this.#swarm.scale(service, replicas);
  }
}
