import { after } from "node:test";
import { Docker } from "@swarm-farm/docker-api";
import {
  type FakeDaemon,
  type FakeService,
  FakeSwarm,
  serviceSpec,
  startFakeDaemon,
} from "@swarm-farm/docker-api/fake";
import { makeMetrics } from "../src/metrics.ts";
import { Scheduler } from "../src/scheduler.ts";
import { Swarm } from "../src/swarm.ts";
import { noon } from "./samples.ts";

const daemons = new Set<FakeDaemon>();
const dockers = new Set<Docker>();
after(async () => {
  await Promise.all([...dockers].map((one) => one.close()));
  await Promise.all([...daemons].map((one) => one.close()));
});

/** Labels of a job that is due each minute and never overlaps. */
export const eachMinute = {
  "swarm.cronjob.enable": "true",
  "swarm.cronjob.schedule": "* * * * *",
  "swarm.cronjob.skip-running": "true",
} as const;

/** A fake swarm behind real HTTP, and schedulers whose time passes only by `pass`; it begins at noon. */
export class Farm {
  private constructor(
    readonly swarm: FakeSwarm,
    readonly daemon: FakeDaemon,
  ) {}

  static async start(): Promise<Farm> {
    const swarm = new FakeSwarm();
    swarm.advance(noon);
    swarm.addNode("manager1");
    const daemon = await startFakeDaemon(swarm);
    daemons.add(daemon);
    return new Farm(swarm, daemon);
  }

  now(): number {
    return this.swarm.now();
  }

  pass(seconds: number): void {
    this.swarm.advance(seconds * 1000);
  }

  /** Declares a job as Pulumi does: without replicas. */
  declare(name: string, labels: Readonly<Record<string, string>> = eachMinute): FakeService {
    return this.swarm.addService(serviceSpec(name, { labels, replicas: 0, ends: true }));
  }

  client(): Swarm {
    const docker = new Docker(this.daemon.host, { timeoutMs: 20_000 });
    dockers.add(docker);
    return new Swarm(docker);
  }

  /** A new scheduler, with what it logged and counted. */
  scheduler() {
    const lines: string[] = [];
    const metrics = makeMetrics();
    const scheduler = new Scheduler({
      swarm: this.client(),
      timeZone: "UTC",
      metrics,
      now: () => this.now(),
      log: (line) => lines.push(line),
    });
    return { scheduler, lines, metrics };
  }
}
