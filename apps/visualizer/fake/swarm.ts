import { EventEmitter } from "node:events";
import type { FakeNode, FakeService, FakeTask } from "./shapes.ts";

/** What Docker would send on its stream of events. */
export interface FakeEvent {
  readonly Type: string;
  readonly Action: string;
  readonly Actor: { readonly ID: string; readonly Attributes: Readonly<Record<string, string>> };
}

const endedKept = 5;

/** A swarm that only exists in memory: schedules, restarts, drains and updates as Docker does, only simpler. */
export class FakeSwarm extends EventEmitter<{ event: [FakeEvent] }> {
  readonly nodes = new Map<string, FakeNode>();
  readonly services = new Map<string, FakeService>();
  readonly tasks = new Map<string, FakeTask>();
  /** Ids differ from one seed to the next, and stay the same for one. */
  #counter = 0;
  #version = 10;

  /** The time all stamps are made with. */
  now: () => number = () => Date.now();

  #id(): string {
    this.#counter++;
    let mixed = (this.#counter * 2654435761) >>> 0;
    let id = "";
    while (id.length < 19) {
      mixed = (Math.imul(mixed ^ (mixed >>> 15), 2246822519) + 3266489917) >>> 0;
      id += mixed.toString(36);
    }
    return id.slice(0, 19) + this.#counter.toString(36).padStart(6, "0");
  }

  #say(type: string, action: string, id: string, attributes: Record<string, string>): void {
    this.emit("event", { Type: type, Action: action, Actor: { ID: id, Attributes: attributes } });
  }

  addNode(node: Pick<FakeNode, "hostname"> & Partial<FakeNode>): FakeNode {
    const { size } = this.nodes;
    const added: FakeNode = {
      id: this.#id(),
      role: "worker",
      labels: undefined,
      address: `10.77.${Math.floor(size / 200)}.${11 + (size % 200)}`,
      cpus: 4,
      memoryGiB: 8,
      availability: "active",
      state: "ready",
      version: ++this.#version,
      ...node,
    };
    this.nodes.set(added.id, added);
    this.#say("node", "create", added.id, { name: added.hostname });
    this.settle();
    return added;
  }

  addService(service: Pick<FakeService, "name"> & Partial<FakeService>): FakeService {
    const added: FakeService = {
      id: this.#id(),
      mode: "replicated",
      cpus: 0.05,
      memoryMiB: 64,
      constraint: undefined,
      ports: [],
      image: "nginx:1.27",
      replicas: 1,
      update: undefined,
      version: ++this.#version,
      ...service,
    };
    this.services.set(added.id, added);
    this.#say("service", "create", added.id, { name: added.name });
    this.settle();
    return added;
  }

  removeService(id: string): void {
    const service = this.services.get(id);
    this.services.delete(id);
    for (const task of this.tasks.values()) if (task.serviceId === id) this.tasks.delete(task.id);
    this.#say("service", "remove", id, { name: service?.name ?? "" });
  }

  scale(service: FakeService, replicas: number): void {
    const old = service.replicas;
    service.replicas = replicas;
    service.version = ++this.#version;
    this.#say("service", "update", service.id, {
      name: service.name,
      "replicas.new": String(replicas),
      "replicas.old": String(old),
    });
    this.settle();
  }

  setNode(node: FakeNode, news: Partial<Pick<FakeNode, "availability" | "state">>): void {
    const attributes: Record<string, string> = { name: node.hostname };
    if (news.availability) attributes["availability.new"] = news.availability;
    if (news.state) attributes["state.new"] = news.state;
    Object.assign(node, news, { version: ++this.#version });
    this.#say("node", "update", node.id, attributes);
    this.settle();
  }

  /** The task's process ends by a signal; its slot gets a new task. */
  kill(task: FakeTask): void {
    this.#end(task, "failed", "started", "task: non-zero exit (137)", 137);
    this.settle();
  }

  /** Replaces one task by one of the service's present image; says whether there was one to replace. */
  updateNext(service: FakeService): boolean {
    const old = this.alive(service.id).find((task) => task.image !== service.image);
    if (!old) {
      service.update = { state: "completed", message: "update completed" };
      this.#say("service", "update", service.id, { name: service.name, "updatestate.new": "completed" });
      return false;
    }
    this.#end(old, "shutdown", "shutdown", "");
    this.settle();
    return true;
  }

  startUpdate(service: FakeService, image: string): void {
    service.image = image;
    service.version = ++this.#version;
    service.update = { state: "updating", message: "update in progress" };
    this.#say("service", "update", service.id, { name: service.name, "image.new": image });
  }

  /** The tasks a service wants to have, in the order of their slots. */
  alive(serviceId?: string): FakeTask[] {
    return [...this.tasks.values()].filter(
      (task) => task.desired === "running" && (serviceId === undefined || task.serviceId === serviceId),
    );
  }

  /** How many tasks a service should have. */
  wanted(service: FakeService): number {
    return service.mode === "global" ? this.#places(service).length : service.replicas;
  }

  #end(task: FakeTask, state: string, message: string, error: string, exitCode?: number): void {
    Object.assign(task, {
      state,
      message,
      error,
      exitCode,
      desired: "shutdown",
      stateAt: this.now(),
      version: ++this.#version,
    });
    const siblings = [...this.tasks.values()].filter(
      (one) => one.desired === "shutdown" && one.serviceId === task.serviceId && one.slot === task.slot,
    );
    for (const old of siblings.slice(0, -endedKept)) this.tasks.delete(old.id);
  }

  #places(service: FakeService): FakeNode[] {
    const [key = "", value] = service.constraint?.split("=") ?? [];
    return [...this.nodes.values()].filter(
      (node) =>
        node.state === "ready" &&
        node.availability === "active" &&
        (service.constraint === undefined || node.labels?.[key] === value),
    );
  }

  /** Brings the tasks to what services and nodes demand; what starts runs at once. */
  settle(): void {
    const load = new Map<string, number>();
    for (const task of this.alive()) {
      const node = this.nodes.get(task.nodeId);
      if (node && (node.state === "down" || node.availability === "drain")) this.#end(task, "shutdown", "shutdown", "");
      else load.set(task.nodeId, (load.get(task.nodeId) ?? 0) + 1);
    }
    for (const service of this.services.values()) this.#fill(service, load);
  }

  #fill(service: FakeService, load: Map<string, number>): void {
    const alive = this.alive(service.id);
    const places = this.#places(service);
    if (service.mode === "global") {
      for (const node of places) {
        if (!alive.some((task) => task.nodeId === node.id)) this.#start(service, 0, node, load);
      }
      return;
    }
    for (const task of alive) {
      if (task.slot > service.replicas) this.#end(task, "shutdown", "shutdown", "");
      if (task.nodeId === "" && places.length > 0) this.tasks.delete(task.id);
    }
    const slots = new Set(this.alive(service.id).map((task) => task.slot));
    for (let slot = 1; slot <= service.replicas; slot++) {
      if (slots.has(slot)) continue;
      const [first, ...others] = places;
      const least = first && others.reduce((a, b) => ((load.get(b.id) ?? 0) < (load.get(a.id) ?? 0) ? b : a), first);
      this.#start(service, slot, least, load);
    }
  }

  #start(service: FakeService, slot: number, node: FakeNode | undefined, load: Map<string, number>): void {
    const id = this.#id();
    const now = this.now();
    if (node) load.set(node.id, (load.get(node.id) ?? 0) + 1);
    const refused = service.constraint ? "scheduling constraints not satisfied" : "not available for new tasks";
    this.tasks.set(id, {
      id,
      serviceId: service.id,
      slot,
      createdAt: now,
      image: service.image,
      nodeId: node?.id ?? "",
      state: node ? "running" : "pending",
      desired: "running",
      stateAt: now,
      message: node ? "started" : "pending task scheduling",
      error: node ? "" : `no suitable node (${refused} on ${this.nodes.size} nodes)`,
      exitCode: undefined,
      version: ++this.#version,
    });
    this.#say("container", "start", id.repeat(2), { name: service.name });
  }
}
