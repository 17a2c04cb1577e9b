import type { ActivityLine, Alert, ClusterState, Node, Service, Task } from "../shared/model.ts";
import { byId } from "../shared/wire.ts";

/** A worker that is ready. */
export const aNode = (change: Partial<Node> = {}): Node => ({
  id: "n1",
  name: "worker1",
  role: "worker",
  leader: false,
  reachability: "",
  availability: "active",
  state: "ready",
  message: "",
  address: "10.0.0.1",
  labels: {},
  cpus: 4,
  memoryBytes: 8 * 1024 ** 3,
  platform: "linux/x86_64",
  engine: "28.0.0",
  ...change,
});

/** A replicated service whose two tasks run. */
export const aService = (change: Partial<Service> = {}): Service => ({
  id: "s1",
  name: "web",
  mode: "replicated",
  image: "nginx:1",
  desiredTasks: 2,
  running: 2,
  completed: 0,
  ports: [],
  ...change,
});

/** A task that runs. */
export const aTask = (change: Partial<Task> = {}): Task => ({
  id: "t1",
  serviceId: "s1",
  nodeId: "n1",
  slot: 1,
  state: "running",
  desired: "running",
  createdAt: 1,
  stateAt: 1,
  image: "nginx:1",
  reason: "",
  reservedCpus: 0,
  reservedBytes: 0,
  ...change,
});

/** `web.1 runs`, as line 1 of the time line. */
export const aLine = (change: Partial<ActivityLine> = {}): ActivityLine => ({
  id: 1,
  at: 1,
  level: "good",
  subject: { kind: "task", id: "t1", name: "web.1" },
  verb: "runs",
  service: "s1",
  ...change,
});

/** A node that is down. */
export const anAlert = (change: Partial<Alert> = {}): Alert => ({
  id: '[["alertname","NodeDown"],["node","worker1"]]',
  name: "NodeDown",
  level: "bad",
  since: 0,
  summary: "node worker1 is down",
  action: "./farm doctor",
  ...change,
});

/** A state of the cluster with these objects. */
export const stateOf = (
  nodes: readonly Node[] = [],
  services: readonly Service[] = [],
  tasks: readonly Task[] = [],
): ClusterState => ({ nodes: byId(nodes), services: byId(services), tasks: byId(tasks) });
