import { EventEmitter } from "node:events";
import type { FakeConfig, FakeEvent, FakeNode, FakeService, FakeSpec, FakeTask } from "./shapes.ts";
import { imageOf, withImage } from "./spec.ts";
import { isAlive, TaskKeeper } from "./tasks.ts";

/** How a fake swarm behaves; all of it has a default. */
export interface FakeSwarmOptions {
  /** Decides what swarmkit leaves open, e.g. between equal nodes; from 0 up to 1. Default: always 0 */
  readonly random?: () => number;
  /** From placed to running, and from the order to stop to stopped; milliseconds, 0: at once. Default: 3000 */
  readonly startMs?: number;
  /** The swarm's clock. Default: one that only `advance` moves */
  readonly now?: () => number;
}

/**
 * A swarm in memory that does with tasks what swarmkit does: spreads new ones, replaces those of lost nodes, moves
 * nothing when a node returns, and removes from the fullest nodes when a service shrinks.
 */
export class FakeSwarm extends EventEmitter<{ event: [FakeEvent] }> {
  readonly nodes = new Map<string, FakeNode>();
  readonly services = new Map<string, FakeService>();
  readonly tasks = new Map<string, FakeTask>();
  readonly configs = new Map<string, FakeConfig>();
  /** How many tasks each service has had, by its id: the cost of moves. */
  readonly tasksCreated = new Map<string, number>();
  /** Nodes that get no new tasks for a reason the API does not show, as recent failures. */
  readonly shunned = new Set<string>();
  readonly random: () => number;
  readonly startMs: number;
  now: () => number;
  readonly #keeper = new TaskKeeper(this);
  #time = 0;
  #count = 0;

  constructor({ random = () => 0, startMs = 3_000, now }: FakeSwarmOptions = {}) {
    super();
    this.random = random;
    this.startMs = startMs;
    this.now = now ?? (() => this.#time);
  }

  /** One whose clock is this machine's, and whose tasks start and stop at once. */
  static live(): FakeSwarm {
    return new FakeSwarm({ startMs: 0, now: () => Date.now() });
  }

  version(): number {
    return ++this.#count;
  }

  newId(): string {
    return `id${String(++this.#count).padStart(6, "0")}`;
  }

  announce(Type: string, Action: string, ID: string, Attributes: Readonly<Record<string, string>>): void {
    this.emit("event", { Type, Action, Actor: { ID, Attributes } });
  }

  addNode(hostname: string, more: Partial<FakeNode> = {}): FakeNode {
    const { size } = this.nodes;
    const node: FakeNode = {
      id: this.newId(),
      hostname,
      role: "worker",
      labels: undefined,
      address: `10.77.${Math.floor(size / 200)}.${11 + (size % 200)}`,
      nanoCpus: 4e9,
      memoryBytes: 8 * 1024 ** 3,
      availability: "active",
      state: "ready",
      version: this.version(),
      ...more,
    };
    this.nodes.set(node.id, node);
    this.announce("node", "create", node.id, { name: hostname });
    this.settle();
    return node;
  }

  setNode(node: FakeNode, changes: Partial<Pick<FakeNode, "availability" | "state">>): void {
    const attributes: Record<string, string> = { name: node.hostname };
    for (const [key, value] of Object.entries(changes)) attributes[`${key}.new`] = value;
    Object.assign(node, changes, { version: this.version() });
    this.announce("node", "update", node.id, attributes);
    this.settle();
  }

  addService(spec: FakeSpec): FakeService {
    const service = { id: this.newId(), spec, version: this.version(), updatedAt: this.now(), update: undefined };
    this.services.set(service.id, service);
    this.announce("service", "create", service.id, { name: spec.Name });
    this.settle();
    return service;
  }

  removeService({ id, spec }: FakeService): void {
    this.services.delete(id);
    for (const task of this.tasks.values()) if (task.serviceId === id) this.tasks.delete(task.id);
    this.announce("service", "remove", id, { name: spec.Name });
  }

  /** Update of the spec, as Docker does it: the update status is reset. */
  change(service: FakeService, spec: FakeSpec): void {
    Object.assign(service, { spec, version: this.version(), updatedAt: this.now(), update: undefined });
    this.announce("service", "update", service.id, { name: spec.Name });
    this.settle();
  }

  scale(service: FakeService, replicas: number): void {
    this.change(service, { ...service.spec, Mode: { Replicated: { Replicas: replicas } } });
  }

  /** Begins an update to another image, of which `updateNext` makes the steps. */
  startUpdate(service: FakeService, image: string): void {
    const spec = { ...service.spec, TaskTemplate: withImage(service.spec.TaskTemplate, image) };
    const update = { state: "updating", message: "update in progress" };
    Object.assign(service, { spec, version: this.version(), update });
    this.announce("service", "update", service.id, { name: spec.Name });
  }

  /** Replaces one task of a former image; returns whether there was one. */
  updateNext(service: FakeService): boolean {
    const image = imageOf(service.spec.TaskTemplate);
    const old = this.alive(service).find(({ template }) => imageOf(template) !== image);
    if (old) this.#keeper.end(old, { state: "shutdown", message: "shutdown" });
    else {
      service.update = { state: "completed", message: "update completed" };
      this.announce("service", "update", service.id, { name: service.spec.Name, "updatestate.new": "completed" });
    }
    this.settle();
    return old !== undefined;
  }

  /** The task's process ends by a signal; its slot gets a new task. */
  kill(task: FakeTask): void {
    const error = "task: non-zero exit (137)";
    this.#keeper.end(task, { state: "failed", message: "started", error, exitCode: 137 });
    this.settle();
  }

  /** The task's process ends by itself. Where the restart policy allows, its slot gets a new task. */
  finish(task: FakeTask, exitCode: number): void {
    const error = exitCode === 0 ? "" : `task: non-zero exit (${exitCode})`;
    const state = exitCode === 0 ? "complete" : "failed";
    this.#keeper.end(task, { state, message: exitCode === 0 ? "finished" : "started", error, exitCode });
    this.settle();
  }

  /** Lets time pass, as far as the next change of a task at a time. */
  advance(ms: number): void {
    const end = this.#time + ms;
    for (;;) {
      const next = Math.min(...[...this.tasks.values()].map(({ dueAt }) => dueAt), Infinity);
      if (next > end) break;
      this.#time = Math.max(this.#time, next);
      for (const task of [...this.tasks.values()]) if (task.dueAt <= this.#time) this.#keeper.turn(task);
      this.settle();
    }
    this.#time = end;
  }

  /** Tasks that should be there, of one service or of all. */
  alive(service?: FakeService): FakeTask[] {
    return [...this.tasks.values()].filter(
      (task) => isAlive(task) && (service === undefined || task.serviceId === service.id),
    );
  }

  /** Running tasks per host name, for those that have any. */
  counts(service: FakeService): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const { nodeId, state } of this.alive(service)) {
      const host = this.nodes.get(nodeId)?.hostname;
      if (host !== undefined && state === "running") counts[host] = (counts[host] ?? 0) + 1;
    }
    return counts;
  }

  /** Brings the tasks to what services and nodes ask for. */
  settle(): void {
    this.#keeper.settle();
  }
}
