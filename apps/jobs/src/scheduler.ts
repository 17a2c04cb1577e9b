import { OutOfSequence } from "@swarm-farm/docker-api";
import { decide, type Step } from "./decide.ts";
import { type Job, readJob } from "./job.ts";
import type { Metrics } from "./metrics.ts";
import { lastRun, type Run, type Service } from "./run.ts";
import type { Swarm } from "./swarm.ts";

/** A job at the last look. */
export interface Status {
  readonly service: string;
  readonly run: Run;
  /** Undefined where its labels are wrong. */
  readonly next: number | undefined;
  readonly leftOut: { readonly due: number; readonly why: "overlap" | "missed" } | undefined;
  /** Why it is never started. */
  readonly problem: string | undefined;
}

/** Dependencies of a scheduler. */
export interface Parts {
  readonly swarm: Swarm;
  readonly timeZone: string;
  readonly metrics: Metrics;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly log: (message: string) => void;
}

const at = (time: number | undefined): string =>
  time === undefined ? "by hand" : `of ${new Date(time).toISOString().replace(".000Z", "Z")}`;

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Starts and stops the runs of every job. It keeps nothing: what it must know, Swarm remembers. */
export class Scheduler {
  readonly #parts: Parts;
  /** The last line that was logged about each job. */
  readonly #logged = new Map<string, string>();
  /** The jobs at the last look, by name. */
  statuses: readonly Status[] = [];

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /**
   * Looks at every job once, and does what is due.
   *
   * @throws Error if the swarm cannot be read
   */
  async look(): Promise<void> {
    const services = await this.#parts.swarm.jobs();
    const statuses: Status[] = [];
    for (const service of services) statuses.push(await this.#treat(service));
    for (const name of this.#logged.keys())
      if (!statuses.some(({ service }) => service === name)) this.#logged.delete(name);
    this.statuses = statuses;
    this.#measure(statuses);
  }

  /** When the first job is due; undefined if none is. */
  nextDue(): number | undefined {
    const times = this.statuses.flatMap(({ next }) => next ?? []);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  async #treat(service: Service): Promise<Status> {
    const run = lastRun(service);
    const { name } = service;
    const job = this.#read(service);
    if (typeof job === "string") {
      this.#once(name, `is never started: ${job}`);
      return { service: name, run, next: undefined, leftOut: undefined, problem: job };
    }
    const now = this.#parts.now();
    const step = decide(job, service, run, now);
    const leftOut = step.kind === "wait" ? step.leftOut : undefined;
    this.#tell(name, run, leftOut);
    const next = job.schedule.next(now);
    try {
      await this.#take(step, job, service, run);
    } catch (error) {
      // Another was faster, and the next look shows what it did; or Docker is busy, and is asked again.
      if (!(error instanceof OutOfSequence)) this.#once(name, `could not be changed: ${textOf(error)}`);
    }
    return { service: name, run, next, leftOut, problem: undefined };
  }

  /** The job, or why it is none. */
  #read({ labels, replicas }: Service): Job | string {
    try {
      const job = readJob(labels, this.#parts.timeZone);
      return job === undefined || replicas === undefined ? "it is not replicated" : job;
    } catch (error) {
      return textOf(error);
    }
  }

  async #take(step: Step, job: Job, service: Service, run: Run): Promise<void> {
    const { swarm, log, metrics } = this.#parts;
    if (step.kind === "start") {
      await swarm.start(service, step.due, job.tasks);
      metrics.runs.inc({ service: service.name });
      const replaced = run.state === "running" ? `; it replaces the run ${at(run.due)}, which was under way` : "";
      log(`${service.name}: started its run ${at(step.due)}${replaced}`);
    }
    if (step.kind === "stop") {
      await swarm.stop(service);
      log(`${service.name}: stopped its run ${at(run.due)}, which took more than ${(job.limitMs ?? 0) / 1000} s`);
    }
  }

  #tell(name: string, run: Run, leftOut: Status["leftOut"]): void {
    if (leftOut?.why === "overlap")
      this.#once(name, `skipped its run ${at(leftOut.due)}: the one ${at(run.due)} is under way`);
    else if (leftOut) this.#once(name, `missed its run ${at(leftOut.due)}`);
    else if (run.state === "succeeded") this.#once(name, `its run ${at(run.due)} succeeded`);
    else if (run.state === "failed") this.#once(name, `its run ${at(run.due)} failed: ${run.why ?? ""}`);
  }

  #once(name: string, line: string): void {
    if (this.#logged.get(name) === line) return;
    this.#logged.set(name, line);
    this.#parts.log(`${name}: ${line}`);
  }

  #measure(statuses: readonly Status[]): void {
    const { metrics } = this.#parts;
    for (const gauge of [
      metrics.running,
      metrics.failed,
      metrics.missed,
      metrics.skipped,
      metrics.wrong,
      metrics.started,
    ])
      gauge.reset();
    for (const { service, run, leftOut, problem } of statuses) {
      const of = { service };
      metrics.running.set(of, Number(run.state === "running"));
      metrics.failed.set(of, Number(run.state === "failed" || run.state === "stopped"));
      metrics.missed.set(of, Number(leftOut?.why === "missed"));
      metrics.skipped.set(of, Number(leftOut?.why === "overlap"));
      metrics.wrong.set(of, Number(problem !== undefined));
      if (run.due !== undefined) metrics.started.set(of, run.due / 1000);
    }
  }
}
