import { setTimeout as sleep } from "node:timers/promises";
import type { Docker } from "@swarm-farm/docker-api";
import { clockProblems } from "./clocks.ts";
import { clockAhead, type Daemon, greet, isUnsuitable } from "./docker/daemon.ts";
import { readEvents } from "./docker/events.ts";
import { reasonOf } from "./docker/logs.ts";
import { Reader } from "./docker/reader.ts";
import type { Hub } from "./hub.ts";
import { once, Wake } from "./wake.ts";

/** Reports of the watch. */
export interface Reports {
  /** The manager that answers, or nothing while none does. */
  readonly connected: (daemon: Daemon | undefined) => void;
  readonly event: () => void;
  readonly read: (seconds: number) => void;
  readonly log: (message: string) => void;
}

const pace = {
  /** After an event, so that those that come together are read together. */
  settleMs: 60,
  /** While things move. */
  busyMs: 500,
  calmMs: 2_000,
  /** When nobody looks, only the time line is kept. */
  unwatchedMs: 30_000,
  /** While nothing happens, a reading may take up a fifth of the time, however large the swarm. */
  restPerReading: 4,
  clockMs: 60_000,
  retryMs: [250, 500, 1_000, 2_000, 3_000],
};

/** Keeps the hub's state of the cluster true until `signal` aborts, also while Docker fails. */
export async function watch(
  docker: Docker,
  hub: Hub,
  reports: Reports,
  wake: Wake,
  signal: AbortSignal,
): Promise<void> {
  let failures = 0;
  for (;;) {
    const session = new Session(docker, hub, reports, wake);
    try {
      await session.run(signal);
    } catch (error) {
      if (signal.aborted) return;
      reports.connected(undefined);
      failures = session.worked ? 0 : failures + 1;
      // A stream that was cut is opened again at once; only if that fails there is something to report.
      if (!session.worked) {
        const text = isUnsuitable(error) ? error.message : `Docker cannot be read: ${reasonOf(error)}`;
        if (!hub.problems.some((problem) => problem.text === text)) reports.log(text);
        hub.setProblems([{ id: "docker", text }]);
      } else reports.log(`connecting again: ${reasonOf(error)}`);
      try {
        await sleep(pace.retryMs[Math.min(failures, pace.retryMs.length - 1)], undefined, { signal });
      } catch {
        return;
      }
    }
  }
}

/** One connection to one manager: a stream of events and the readings they cause. */
class Session {
  /** Whether the swarm was read at least once. */
  worked = false;
  #busy = false;
  readonly #docker: Docker;
  readonly #hub: Hub;
  readonly #reports: Reports;
  readonly #wake: Wake;

  constructor(docker: Docker, hub: Hub, reports: Reports, wake: Wake) {
    this.#docker = docker;
    this.#hub = hub;
    this.#reports = reports;
    this.#wake = wake;
  }

  /** Ends only by failing: the caller decides what follows. */
  async run(outer: AbortSignal): Promise<never> {
    const over = new AbortController();
    const signal = AbortSignal.any([outer, over.signal]);
    try {
      const daemon = await greet(this.#docker);
      this.#hub.clockAheadMs = daemon.clockAheadMs;
      this.#hub.setSwarm(daemon.swarm);
      // From now on only: what is older is in the first reading already.
      return await Promise.race([this.#listen(signal), this.#look(daemon, signal)]);
    } finally {
      over.abort();
    }
  }

  async #listen(signal: AbortSignal): Promise<never> {
    for await (const event of readEvents(this.#docker, this.#hub.now(), signal)) {
      this.#reports.event();
      this.#hub.take({ kind: "event", event });
      this.#wake.call();
    }
    throw new Error("the stream of events ended");
  }

  async #look(daemon: Daemon, signal: AbortSignal): Promise<never> {
    const reader = new Reader(this.#docker);
    let clockReadAt = performance.now();
    for (;;) {
      const started = performance.now();
      const called = this.#wake.next();
      const changed = this.#hub.take({ kind: "reading", reading: await reader.read(signal) });
      const took = performance.now() - started;
      this.#reports.read(took / 1000);
      if (!this.worked) this.#reports.connected(daemon);
      this.worked = true;
      this.#busy = changed;
      if (performance.now() - clockReadAt > pace.clockMs) {
        this.#hub.clockAheadMs = await clockAhead(this.#docker);
        clockReadAt = performance.now();
      }
      this.#hub.setProblems(clockProblems(this.#hub.clusterState, this.#hub.now()));
      await this.#rest(took, called, signal);
    }
  }

  async #rest(readingMs: number, called: Promise<void>, signal: AbortSignal): Promise<void> {
    const restMs = this.#busy ? pace.busyMs : this.#hub.viewers > 0 ? pace.calmMs : pace.unwatchedMs;
    const least = Math.min(readingMs, 1_000) + pace.settleMs;
    const all = Math.max(restMs, readingMs * pace.restPerReading, least);
    await sleep(least, undefined, { signal });
    await once(called, all - least, signal);
  }
}
