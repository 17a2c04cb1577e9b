import { after } from "node:test";
import type { Load } from "../src/autoscale/prometheus.ts";
import type { Clock } from "../src/shared/clock.ts";
import { rebalance } from "../src/command.ts";
import { Docker } from "@swarm-farm/docker-api";
import { Swarm } from "../src/docker/swarm.ts";
import { leaseName } from "../src/lease/lease.ts";
import { makeMetrics, type Metrics } from "../src/metrics.ts";
import { readSettings, type Settings } from "../src/settings.ts";
import { Steward } from "../src/steward.ts";
import { type FakeDaemon, type FakeSwarm, startFakeDaemon } from "@swarm-farm/docker-api/fake";

const daemons = new Set<FakeDaemon>();
const dockers = new Set<Docker>();
after(async () => {
  await Promise.all([...dockers].map((one) => one.close()));
  await Promise.all([...daemons].map((one) => one.close()));
});

/** A steward under test, with what it logged and counted. */
export interface Actor {
  readonly steward: Steward;
  readonly lines: string[];
  readonly metrics: Metrics;
  /** Ahead of other actors' clocks by this much. */
  readonly clock: Clock;
}

/** A fake swarm behind real HTTP, and stewards whose time passes only by `pass`. */
export class Farm {
  readonly actors: Actor[] = [];
  load: Load = { missing: "Prometheus is down" };
  #now = 1_000_000;

  private constructor(
    readonly swarm: FakeSwarm,
    readonly daemon: FakeDaemon,
    readonly settings: Settings,
  ) {}

  static async start(swarm: FakeSwarm, settings: Readonly<Record<string, string>> = {}): Promise<Farm> {
    const daemon = await startFakeDaemon(swarm);
    daemons.add(daemon);
    return new Farm(swarm, daemon, readSettings({ DOCKER_HOST: daemon.host, ...settings }, undefined));
  }

  /** Lets time pass in the swarm and for all stewards. */
  pass(ms: number): void {
    this.#now += ms;
    this.swarm.advance(ms);
  }

  /** A new steward, whose clock is ahead of the others' by `aheadMs`. */
  hire(id: string, aheadMs = 0): Actor {
    const clock: Clock = {
      now: () => this.#now + aheadMs,
      sleep: (ms) => {
        this.pass(ms);
        return Promise.resolve();
      },
    };
    const lines: string[] = [];
    const metrics = makeMetrics();
    const steward = new Steward({
      id,
      swarm: this.#swarm(),
      clock,
      settings: this.settings,
      readLoad: () => Promise.resolve(this.load),
      metrics,
      log: (line) => lines.push(line),
    });
    const actor = { steward, lines, metrics, clock };
    this.actors.push(actor);
    return actor;
  }

  /** An actor that does nothing any more, as one whose process was killed. */
  kill(actor: Actor): void {
    this.actors.splice(this.actors.indexOf(actor), 1);
  }

  /** Lets all stewards look once a period, for so many seconds or until `done`. */
  async run(seconds: number, done: () => boolean = () => false): Promise<void> {
    for (let past = 0; past < seconds && !done(); past += this.settings.periodSeconds) {
      this.pass(this.settings.periodSeconds * 1000);
      for (const { steward } of [...this.actors]) await steward.tick();
    }
  }

  /** `steward rebalance …` while the other stewards go on looking every period; its exit and what it printed. */
  async order(services: readonly string[], dryRun = false): Promise<{ good: boolean; lines: string[] }> {
    const lines: string[] = [];
    let slept = 0;
    const clock: Clock = {
      now: () => this.#now,
      sleep: async (ms) => {
        this.pass(ms);
        slept += ms;
        if (slept % (this.settings.periodSeconds * 1000) !== 0) return;
        for (const { steward } of this.actors) await steward.tick();
      },
    };
    const print = (line: string): unknown => lines.push(line);
    const { settings } = this;
    const good = await rebalance({ id: "person", swarm: this.#swarm(), clock, settings, services, dryRun, print });
    return { good, lines };
  }

  /** The labels of the lease. */
  get labels(): Readonly<Record<string, string | undefined>> {
    return [...this.swarm.configs.values()].find(({ name }) => name === leaseName)?.labels ?? {};
  }

  /** Requests so far that changed a service. */
  get scalings(): number {
    return this.daemon.writes.filter((path) => path.startsWith("/services")).length;
  }

  #swarm(): Swarm {
    const docker = new Docker(this.daemon.host, { timeoutMs: 2_000 });
    dockers.add(docker);
    return new Swarm(docker);
  }
}

/** One number of a steward's metrics. */
export async function count(actor: Actor, line: string): Promise<number> {
  const text = await actor.metrics.registry.metrics();
  const found = text.split("\n").find((one) => one.startsWith(`swarm_farm_steward_${line} `));
  return Number(found?.split(" ").at(-1) ?? NaN);
}
