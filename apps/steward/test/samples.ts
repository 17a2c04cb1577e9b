import type { Node, Service, Snapshot, Task } from "../src/shared/model.ts";

/** A node that takes tasks. */
export const aNode = (id: string, change: Partial<Node> = {}): Node => ({
  id,
  hostname: id,
  role: "worker",
  availability: "active",
  state: "ready",
  labels: {},
  engineLabels: {},
  nanoCpus: 4e9,
  memoryBytes: 8e9,
  os: "linux",
  arch: "x86_64",
  ...change,
});

/** The replicated service `web`. */
export const aService = (change: Partial<Service> = {}): Service => ({
  id: "s",
  name: "web",
  version: 1,
  mode: "replicated",
  replicas: 2,
  labels: {},
  constraints: [],
  spread: [],
  maxPerNode: 0,
  platforms: [],
  reservation: { nanoCpus: 0, memoryBytes: 0 },
  mounts: [],
  hostPorts: [],
  update: "",
  running: 2,
  ...change,
});

let tasks = 0;

/** A running task of `web` on a node; on none if it has no id. */
export const aTask = (nodeId: string, change: Partial<Task> = {}): Task => ({
  id: `t${++tasks}`,
  serviceId: "s",
  nodeId,
  state: nodeId === "" ? "pending" : "running",
  desired: "running",
  error: "",
  reservation: { nanoCpus: 0, memoryBytes: 0 },
  ...change,
});

/** A swarm at one time; without services: with `web` alone. */
export const snapshot = (
  nodes: readonly Node[],
  all: readonly Task[],
  services: readonly Service[] = [aService()],
): Snapshot => ({ nodes, services, tasks: all });
