import { bySlotOrder, isEligible, pickNode } from "./scheduler.ts";
import type { FakeNode, FakeService, FakeTask, FakeTaskHolder } from "./shapes.ts";

/** Ended tasks that Docker keeps for each slot. */
const keptPerSlot = 5;

const ended = new Set(["shutdown", "failed", "complete"]);

/** Whether a task should be there. */
export const isAlive = ({ desired, state }: FakeTask): boolean => desired === "running" && !ended.has(state);

/** Tasks of a swarm, as swarmkit treats them. */
export class TaskKeeper {
  readonly #swarm: FakeTaskHolder;

  constructor(swarm: FakeTaskHolder) {
    this.#swarm = swarm;
  }

  /** Brings the tasks to what services and nodes ask for. */
  settle(): void {
    const { tasks, nodes, services } = this.#swarm;
    for (const task of tasks.values()) {
      const node = nodes.get(task.nodeId);
      if (task.desired === "running" && (node?.state === "down" || node?.availability === "drain")) this.#stop(task);
    }
    for (const service of services.values()) {
      if (service.spec.Mode.Global) this.#fillGlobal(service);
      else if (service.spec.TaskTemplate.RestartPolicy?.Condition === "none")
        this.#fillEnding(service, service.spec.Mode.Replicated?.Replicas ?? 0);
      else this.#fillReplicated(service, service.spec.Mode.Replicated?.Replicas ?? 0);
    }
    for (const task of tasks.values()) if (task.state === "pending" && task.desired === "running") this.#place(task);
  }

  /** A task whose time has come gets to its next state. */
  turn(task: FakeTask): void {
    task.dueAt = Infinity;
    if (task.desired === "shutdown") this.end(task, { state: "shutdown", message: "shutdown" });
    else if (task.template.ContainerSpec.Image.endsWith(":unhealthy")) this.#become(task, "starting", "starting");
    else {
      this.#become(task, "running", "started");
      const name = this.#swarm.services.get(task.serviceId)?.spec.Name ?? "";
      this.#swarm.announce("container", "start", task.id.repeat(2), { name });
    }
  }

  end(task: FakeTask, how: Pick<FakeTask, "state" | "message"> & Partial<FakeTask>): void {
    Object.assign(task, { ...how, desired: "shutdown", stateAt: this.#swarm.now(), dueAt: Infinity });
    const siblings = [...this.#swarm.tasks.values()].filter(
      (one) => ended.has(one.state) && one.serviceId === task.serviceId && one.slot === task.slot,
    );
    for (const old of siblings.slice(0, -keptPerSlot)) this.#swarm.tasks.delete(old.id);
  }

  #become(task: FakeTask, state: string, message: string): void {
    Object.assign(task, { state, message, stateAt: this.#swarm.now() });
  }

  #stop(task: FakeTask): void {
    task.desired = "shutdown";
    task.dueAt = this.#swarm.now() + this.#swarm.startMs;
    if (this.#swarm.startMs === 0) this.turn(task);
  }

  #fillGlobal(service: FakeService): void {
    const alive = new Set(this.#swarm.alive(service).map(({ nodeId }) => nodeId));
    for (const node of this.#swarm.nodes.values()) {
      if (alive.has(node.id) || !isEligible(this.#swarm, service, node)) continue;
      this.#start(this.#make(service, 0), node);
    }
  }

  #fillReplicated(service: FakeService, replicas: number): void {
    const alive = this.#swarm.alive(service);
    if (alive.length > replicas) {
      for (const task of bySlotOrder(alive, this.#shuffled).slice(replicas)) this.#stop(task);
    }
    const slots = new Set(alive.map(({ slot }) => slot));
    for (let slot = 1, missing = replicas - alive.length; missing > 0; slot++) {
      if (slots.has(slot)) continue;
      this.#make(service, slot);
      missing--;
    }
  }

  /** Tasks that end: each slot has one of the present count of forced updates, and keeps those before. */
  #fillEnding(service: FakeService, replicas: number): void {
    const countOf = ({ ForceUpdate = 0 }: FakeTask["template"]): number => ForceUpdate;
    const { tasks } = this.#swarm;
    const own = [...tasks.values()].filter(({ serviceId }) => serviceId === service.id);
    const present = countOf(service.spec.TaskTemplate);
    for (const task of own) {
      if (task.slot > replicas) tasks.delete(task.id);
      else if (isAlive(task) && countOf(task.template) !== present) this.#stop(task);
    }
    for (let slot = 1; slot <= replicas; slot++) {
      const has = own.some((task) => task.slot === slot && countOf(task.template) === present);
      if (!has) this.#make(service, slot);
    }
  }

  #make(service: FakeService, slot: number): FakeTask {
    const { tasksCreated, tasks } = this.#swarm;
    const now = this.#swarm.now();
    tasksCreated.set(service.id, (tasksCreated.get(service.id) ?? 0) + 1);
    const task: FakeTask = {
      id: this.#swarm.newId(),
      serviceId: service.id,
      slot,
      createdAt: now,
      template: service.spec.TaskTemplate,
      nodeId: "",
      state: "pending",
      desired: "running",
      stateAt: now,
      message: "pending task scheduling",
      error: "",
      exitCode: 0,
      dueAt: Infinity,
    };
    tasks.set(task.id, task);
    return task;
  }

  #place(task: FakeTask): void {
    const service = this.#swarm.services.get(task.serviceId);
    if (!service) return;
    const { nodes } = this.#swarm;
    const node = pickNode(this.#swarm, service, this.#shuffled([...nodes.values()]));
    if (node) {
      this.#start(task, node);
      return;
    }
    const eligible = [...nodes.values()].some((one) => isEligible(this.#swarm, service, one));
    const why = eligible ? "insufficient resources" : "scheduling constraints not satisfied";
    task.error = `no suitable node (${why} on ${nodes.size} nodes)`;
  }

  #start(task: FakeTask, node: FakeNode): void {
    Object.assign(task, { nodeId: node.id, error: "", dueAt: this.#swarm.now() + this.#swarm.startMs });
    this.#become(task, "preparing", "preparing");
    if (this.#swarm.startMs === 0) this.turn(task);
  }

  readonly #shuffled = <T>(items: readonly T[]): T[] =>
    items
      .map((item) => ({ item, key: this.#swarm.random() }))
      .sort((a, b) => a.key - b.key)
      .map(({ item }) => item);
}
