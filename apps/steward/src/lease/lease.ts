import type { Clock } from "../shared/clock.ts";
import { OutOfSequence } from "@swarm-farm/docker-api";
import type { LabelRecord, Swarm } from "../docker/swarm.ts";
import { judge } from "./judge.ts";
import { decode, emptyMemory, encode, type Memory, prune } from "./memory.ts";

/** The config whose labels are the lease. */
export const leaseName = "swarm-farm-steward";

/** Another steward holds the lease now: nothing was done. */
export class LostLease extends Error {}

/** How long the lease lasts, and how long before its end the holder stops acting. */
export interface LeaseTimes {
  readonly leaseMs: number;
  /** Longest time one action takes: what was begun in time must also end in time. */
  readonly safetyMs: number;
}

/**
 * Lets one steward act at a time. The holder changes a config's labels every few seconds; the steward that sees them
 * unchanged for the lease time takes over. Both count on their own monotonic clock: the holder from before its last renewal was sent,
 * the others from after they saw it, so the holder's time always ends first, whatever their clocks show.
 */
export class Lease {
  readonly #swarm: Swarm;
  readonly #clock: Clock;
  readonly #times: LeaseTimes;
  #seen = { version: -1, at: 0 };
  #heldUntil = -Infinity;
  #memory: Memory | undefined;
  /** Whether the memory is what this steward wrote last as the holder; else the label's is the newer one. */
  #wrote = false;
  #holder = "";

  constructor(
    readonly id: string,
    swarm: Swarm,
    clock: Clock,
    times: LeaseTimes,
  ) {
    this.#swarm = swarm;
    this.#clock = clock;
    this.#times = times;
  }

  /** Whether this steward may act now. */
  get held(): boolean {
    return this.#clock.now() < this.#heldUntil;
  }

  /** The holder of the lease when it was last read; empty: none. */
  get holder(): string {
    return this.#holder;
  }

  /** The holder's memory, or what the present holder wrote last. */
  get memory(): Memory {
    return this.#memory ?? emptyMemory;
  }

  /** Renews, takes, hands over or waits. `request`: the holder hands it over as soon as no move is under way. */
  async attend(request = false): Promise<boolean> {
    const { now, record } = await this.#read();
    const idle = this.memory.move === undefined;
    const { leaseMs } = this.#times;
    const unchangedMs = now - this.#seen.at;
    const verdict = judge({ id: this.id, labels: record.labels, unchangedMs, leaseMs, idle });
    try {
      if (verdict === "renew" || verdict === "take") await this.#write(record, this.id, this.memory, now);
      else if (verdict === "hand over") await this.#give(record, record.labels.wanted ?? "");
      else if (request && record.labels.wanted !== this.id) await this.#relabel(record, { wanted: this.id });
    } catch (error) {
      // Another steward changed the labels first: the next look reads which.
      if (!(error instanceof OutOfSequence)) throw error;
    }
    return this.held;
  }

  /** Writes the memory down before the steward acts on it; a `LostLease` or any other error means: do not act. */
  async save(memory: Memory): Promise<void> {
    const { now, record } = await this.#read();
    if (record.labels.holder !== this.id) throw new LostLease(`'${this.#holder}' holds the lease now`);
    await this.#write(record, this.id, memory, now);
  }

  /** Leaves the lease to the first steward that takes it. */
  async release(): Promise<void> {
    const { record } = await this.#read();
    if (record.labels.holder === this.id) await this.#give(record, "");
    else if (record.labels.wanted === this.id) await this.#relabel(record, { wanted: "" });
  }

  async #read(): Promise<{ now: number; record: LabelRecord }> {
    // Asked, not answered: a holder's time starts no later than its renewal, even if the answer is slow.
    const now = this.#clock.now();
    const record = await this.#swarm.labels(leaseName);
    if (record.version !== this.#seen.version) this.#seen = { version: record.version, at: this.#clock.now() };
    this.#holder = record.labels.holder ?? "";
    if (this.#holder !== this.id) {
      this.#heldUntil = -Infinity;
      this.#wrote = false;
    }
    if (!this.#wrote) this.#memory = decode(record.labels.memory ?? "", now);
    return { now, record };
  }

  async #write(record: LabelRecord, holder: string, memory: Memory, now: number): Promise<void> {
    const requester = record.labels.wanted === this.id ? "" : (record.labels.wanted ?? "");
    // A take-over also drops a request that was never claimed.
    await this.#relabel(record, {
      holder,
      wanted: this.#holder === this.id ? requester : "",
      memory: encode(memory, now),
    });
    this.#holder = holder;
    this.#memory = prune(memory, now);
    this.#wrote = true;
    this.#heldUntil = now + this.#times.leaseMs - this.#times.safetyMs;
  }

  async #give(record: LabelRecord, holder: string): Promise<void> {
    this.#heldUntil = -Infinity;
    this.#wrote = false;
    const requester = record.labels.wanted === holder ? "" : (record.labels.wanted ?? "");
    await this.#relabel(record, { holder, wanted: requester, memory: encode(this.memory, this.#clock.now()) });
    this.#holder = holder;
  }

  async #relabel(record: LabelRecord, changes: Readonly<Record<string, string>>): Promise<void> {
    const heartbeat = String((Number(record.labels.beat) || 0) + 1);
    await this.#swarm.relabel(leaseName, record, { ...record.labels, ...changes, beat: heartbeat });
  }
}
