import { place } from "./scheduler.ts";
import type { FakeConfig, FakeNode, FakeService, FakeSpec, FakeTask } from "./shapes.ts";

const gone = new Set(["shutdown", "failed"]);

/**
 * A swarm in memory that does with tasks what swarmkit does: spreads new ones, replaces those of lost nodes, moves
 * nothing when a node returns, and removes from the fullest nodes when a service shrinks. What swarmkit leaves open
 * (equal nodes) is drawn by `random`. Time passes only by `advance`.
 */
export class FakeSwarm {
  readonly nodes = new Map<string, FakeNode>();
  readonly services = new Map<string, FakeService>();
  readonly tasks = new Map<string, FakeTask>();
  readonly configs = new Map<string, FakeConfig>();
  /** All tasks ever made, by service: what moves cost. */
  readonly made = new Map<string, number>();
  /** Nodes that get no new tasks for a reason the API does not show, as recent failures. */
  readonly shunned = new Set<string>();
  now = 0;
  /** From placed to running, and from told to stop to stopped. */
  startMs = 3_000;
  #count = 0;

  constructor(readonly random: () => number = () => 0) {}

  version(): number {
    return ++this.#count;
  }

  newId(): string {
    return `id${String(++this.#count).padStart(6, "0")}`;
  }

  addNode(hostname: string, more: Partial<FakeNode> = {}): FakeNode {
    const node: FakeNode = {
      id: this.newId(),
      hostname,
      role: "worker",
      labels: {},
      nanoCpus: 4e9,
      memoryBytes: 8e9,
      availability: "active",
      state: "ready",
      ...more,
    };
    this.nodes.set(node.id, node);
    this.settle();
    return node;
  }

  addService(spec: FakeSpec): FakeService {
    const service = { id: this.newId(), spec, version: this.version(), update: undefined };
    this.services.set(service.id, service);
    this.settle();
    return service;
  }

  /** What Docker does with an update of the spec: its update status begins anew. */
  change(service: FakeService, spec: FakeSpec): void {
    Object.assign(service, { spec, version: this.version(), update: undefined });
    this.settle();
  }

  scale(service: FakeService, replicas: number): void {
    this.change(service, { ...service.spec, Mode: { Replicated: { Replicas: replicas } } });
  }

  setNode(node: FakeNode, news: Partial<Pick<FakeNode, "availability" | "state">>): void {
    Object.assign(node, news);
    this.settle();
  }

  /** Lets time pass, as far as the next change of a task at a time. */
  advance(ms: number): void {
    const end = this.now + ms;
    for (;;) {
      const next = Math.min(...[...this.tasks.values()].map(({ dueAt }) => dueAt), Infinity);
      if (next > end) break;
      this.now = Math.max(this.now, next);
      for (const task of [...this.tasks.values()]) if (task.dueAt <= this.now) this.#turn(task);
      this.settle();
    }
    this.now = end;
  }

  /** Tasks of a service that should be there, by slot. */
  alive(service: FakeService): FakeTask[] {
    return [...this.tasks.values()].filter(
      ({ serviceId, desired, state }) => serviceId === service.id && desired === "running" && !gone.has(state),
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

  #turn(task: FakeTask): void {
    task.dueAt = Infinity;
    if (task.desired === "shutdown") this.tasks.delete(task.id);
    else task.state = task.unhealthy ? "starting" : "running";
  }

  #stop(task: FakeTask): void {
    task.desired = "shutdown";
    task.dueAt = this.now + this.startMs;
  }

  /** Brings the tasks to what services and nodes demand. */
  settle(): void {
    for (const task of this.tasks.values()) {
      const node = this.nodes.get(task.nodeId);
      if (task.desired === "running" && (node?.state === "down" || node?.availability === "drain")) this.#stop(task);
    }
    for (const service of this.services.values()) this.#fill(service);
    for (const task of this.tasks.values())
      if (task.state === "pending" && task.desired === "running") this.#place(task);
  }

  #fill(service: FakeService): void {
    const alive = this.alive(service);
    const { Replicated } = service.spec.Mode;
    if (!Replicated) return;
    if (alive.length > Replicated.Replicas) {
      for (const task of this.#surplus(alive).slice(Replicated.Replicas)) this.#stop(task);
    }
    for (let missing = Replicated.Replicas - alive.length; missing > 0; missing--) this.#make(service);
  }

  /** swarmkit's order of slots: the nth task of a node before the n+1st of any, running ones first, unplaced ones last. */
  #surplus(alive: readonly FakeTask[]): FakeTask[] {
    const nth = new Map<string, number>();
    const ranked = this.#shuffled(alive)
      .sort((a, b) => Number(b.state === "running") - Number(a.state === "running"))
      .map((task) => {
        const rank = (nth.get(task.nodeId) ?? 0) + 1;
        nth.set(task.nodeId, rank);
        return { task, rank: task.nodeId === "" ? Infinity : rank };
      });
    return this.#shuffled(ranked)
      .sort((a, b) => (a.rank === b.rank ? 0 : a.rank - b.rank))
      .map(({ task }) => task);
  }

  #shuffled<T>(items: readonly T[]): T[] {
    return items
      .map((item) => ({ item, key: this.random() }))
      .sort((a, b) => a.key - b.key)
      .map(({ item }) => item);
  }

  #make(service: FakeService): void {
    const { NanoCPUs = 0, MemoryBytes = 0 } = service.spec.TaskTemplate.Resources?.Reservations ?? {};
    const id = this.newId();
    this.made.set(service.id, (this.made.get(service.id) ?? 0) + 1);
    this.tasks.set(id, {
      id,
      serviceId: service.id,
      slot: this.alive(service).length + 1,
      cpus: NanoCPUs,
      bytes: MemoryBytes,
      unhealthy: service.spec.TaskTemplate.ContainerSpec.Image.endsWith(":unhealthy"),
      nodeId: "",
      state: "pending",
      desired: "running",
      error: "",
      dueAt: Infinity,
    });
  }

  #place(task: FakeTask): void {
    const service = this.services.get(task.serviceId);
    const node = service && place(this, service, this.#shuffled([...this.nodes.values()]));
    if (node) Object.assign(task, { nodeId: node.id, state: "preparing", error: "", dueAt: this.now + this.startMs });
    else task.error = `no suitable node (insufficient resources on ${this.nodes.size} nodes)`;
  }
}
