import { randomBytes } from "node:crypto";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import {
  emptyClusterState,
  noAlerts,
  type ActivityLine,
  type Alerts,
  type ClusterState,
  type Problem,
  type Swarm,
} from "../shared/model.ts";
import { type Heartbeat, difference, type Snapshot, type Update } from "../shared/wire.ts";
import { activityBetween, type NewLine } from "./activity.ts";
import { alertLines } from "./alerts.ts";
import { type Input, reduce } from "./cluster-state.ts";

/** Receives frames of the stream; the same bytes go to every viewer. */
export type Viewer = (frame: Uint8Array) => void;

interface Sent {
  readonly version: number;
  readonly frame: Uint8Array;
}

/** How far back a viewer that lost its connection can resume instead of reading everything again. */
const resumableFrames = 500;
const snapshotLines = 200;

const compressed = promisify(gzip);
const frame = (event: string, data: unknown, id?: string): Uint8Array =>
  Buffer.from(`event: ${event}\n${id === undefined ? "" : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`);

const newEpoch = (): string => randomBytes(6).toString("hex");

/** Holds the cluster's state and its bounded history, and sends each viewer what changes. */
export class Hub {
  #epoch = newEpoch();
  readonly #historyLines: number;
  readonly #print: (line: NewLine) => void;
  readonly #viewers = new Set<Viewer>();
  #version = 0;
  #sent: Sent[] = [];
  #clusterState = emptyClusterState;
  #seenSince: number | undefined;
  #history: ActivityLine[] = [];
  #lines = 0;
  #swarm: Swarm | null = null;
  #problems: readonly Problem[] = [];
  #alerts = noAlerts;
  #alertsSeen = false;
  #snapshot: { version: number; bytes: Promise<Uint8Array> } | undefined;

  /** Set by the watch, which reads the manager's clock. */
  clockAheadMs = 0;

  /**
   * @param print takes each new line of the time line. Default: nothing does
   * @param logsPage the path of VictoriaLogs' own page. Default: there is none
   * @param hasGraphs whether there is a Prometheus. Default: there is none
   */
  constructor(
    historyLines: number,
    print: (line: NewLine) => void = () => undefined,
    readonly logsPage: string | null = null,
    readonly hasGraphs = false,
  ) {
    this.#historyLines = historyLines;
    this.#print = print;
  }

  /** The swarm as last known. */
  get clusterState(): ClusterState {
    return this.#clusterState;
  }

  /** When it first saw the swarm, in milliseconds; undefined before. */
  get seenSince(): number | undefined {
    return this.#seenSince;
  }

  /** Current problems. */
  get problems(): readonly Problem[] {
    return this.#problems;
  }

  /** Alerts as last known. */
  get alerts(): Alerts {
    return this.#alerts;
  }

  /** How many people look. */
  get viewers(): number {
    return this.#viewers.size;
  }

  /** The time in the swarm. */
  now(): number {
    return Date.now() + this.clockAheadMs;
  }

  /** Applies an input; returns whether anything changed. */
  take(input: Input): boolean {
    const before = this.#clusterState;
    const after = reduce(before, input);
    const change = difference(before, after);
    if (!change) return false;
    this.#clusterState = after;
    // Objects that existed before the first look are no events.
    const activity = this.#seenSince !== undefined ? this.#remember(activityBetween(before, after, this.now())) : [];
    if (input.kind === "reading") this.#seenSince ??= Date.now();
    this.#send({ change, ...(activity.length > 0 && { activity }) });
    return true;
  }

  /** Sets the manager that answers for the swarm. */
  setSwarm(swarm: Swarm): void {
    if (JSON.stringify(swarm) === JSON.stringify(this.#swarm)) return;
    this.#swarm = swarm;
    this.#send({ swarm });
  }

  /** Sets what is wrong; an empty list means that all is well again. */
  setProblems(problems: readonly Problem[]): void {
    if (JSON.stringify(problems) === JSON.stringify(this.#problems)) return;
    this.#problems = problems;
    this.#send({ problems });
  }

  /** Sets the alerts that fire. */
  setAlerts(alerts: Alerts): void {
    // As with objects, what fired before the first answer is no event.
    const news = this.#alertsSeen ? alertLines(this.#alerts.firing, alerts.firing, this.now()) : [];
    this.#alertsSeen ||= alerts.problem === undefined;
    if (JSON.stringify(alerts) === JSON.stringify(this.#alerts)) return;
    const activity = this.#remember(news);
    this.#alerts = alerts;
    this.#send({ alerts, ...(activity.length > 0 && { activity }) });
  }

  /** Everything, compressed, made once for all viewers that read it between two changes. */
  snapshot(): Promise<Uint8Array> {
    if (this.#snapshot?.version !== this.#version) {
      const bytes = compressed(JSON.stringify(this.#whole()));
      this.#snapshot = { version: this.#version, bytes };
    }
    return this.#snapshot.bytes;
  }

  /** Puts lines of an earlier server before all others. All get other numbers, so that viewers read everything again. */
  recall(lines: readonly NewLine[]): void {
    const all = [...lines, ...this.#history].slice(-this.#historyLines);
    this.#history = all.map((line, index) => ({ ...line, id: index + 1 }));
    this.#lines = all.length;
    this.#epoch = newEpoch();
    this.#snapshot = undefined;
    for (const viewer of this.#viewers) viewer(frame("reset", {}));
  }

  /** Lines of the time line before the one numbered `id`, newest last. */
  historyBefore(id: number): readonly ActivityLine[] {
    return this.#history.filter((line) => line.id < id).slice(-snapshotLines);
  }

  /** Sends what is missed since `mark` and then everything new, until the returned function is called. */
  join(mark: string, viewer: Viewer): () => void {
    const missed = this.#since(mark);
    if (missed) for (const one of missed) viewer(one.frame);
    else viewer(frame("reset", {}));
    viewer(this.#heartbeatFrame());
    this.#viewers.add(viewer);
    return () => void this.#viewers.delete(viewer);
  }

  /** Shows every viewer, and every proxy in between, that the stream lives. */
  sendHeartbeat(): void {
    const bytes = this.#heartbeatFrame();
    for (const viewer of this.#viewers) viewer(bytes);
  }

  #heartbeatFrame(): Uint8Array {
    return frame("heartbeat", { now: this.now() } satisfies Heartbeat);
  }

  #since(mark: string): readonly Sent[] | undefined {
    const [epoch, at] = mark.split("-");
    const version = Number(at);
    if (epoch !== this.#epoch || !(version <= this.#version)) return undefined;
    if (version < this.#version - this.#sent.length) return undefined;
    return this.#sent.filter((one) => one.version > version);
  }

  #whole(): Snapshot {
    return {
      mark: `${this.#epoch}-${this.#version}`,
      now: this.now(),
      swarm: this.#swarm,
      problems: this.#problems,
      alerts: this.#alerts,
      logsPage: this.logsPage,
      hasGraphs: this.hasGraphs,
      nodes: [...this.#clusterState.nodes.values()],
      services: [...this.#clusterState.services.values()],
      tasks: [...this.#clusterState.tasks.values()],
      activity: this.#history.slice(-snapshotLines),
    };
  }

  #remember(news: readonly NewLine[]): readonly ActivityLine[] {
    const lines = news.map((line) => ({ id: ++this.#lines, ...line }));
    news.forEach(this.#print);
    this.#history = [...this.#history, ...lines].slice(-this.#historyLines);
    return lines;
  }

  #send(update: Update): void {
    this.#version++;
    const bytes = frame("update", update, `${this.#epoch}-${this.#version}`);
    this.#sent = [...this.#sent, { version: this.#version, frame: bytes }].slice(-resumableFrames);
    for (const viewer of this.#viewers) viewer(bytes);
  }
}
