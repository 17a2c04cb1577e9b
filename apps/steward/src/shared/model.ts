/** One node, as far as placing tasks goes. */
export interface Node {
  readonly id: string;
  readonly hostname: string;
  readonly role: string;
  /** `active`, `pause` or `drain` */
  readonly availability: string;
  /** `ready`, `down`, `disconnected` or `unknown` */
  readonly state: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly engineLabels: Readonly<Record<string, string>>;
  readonly nanoCpus: number;
  readonly memoryBytes: number;
  /** As Docker writes them: `linux`, `x86_64`. */
  readonly os: string;
  readonly arch: string;
}

/** Reservation of one task on its node. */
export interface Reservation {
  readonly nanoCpus: number;
  readonly memoryBytes: number;
}

/** One service; only replicated ones are ever changed. */
export interface Service {
  readonly id: string;
  readonly name: string;
  /** Docker's version index: an update must name it, and fails when the service was changed since. */
  readonly version: number;
  readonly mode: "replicated" | "global" | "job";
  /** Of its spec; 0 unless replicated. */
  readonly replicas: number;
  readonly labels: Readonly<Record<string, string>>;
  /** As written: `node.role==worker`. */
  readonly constraints: readonly string[];
  /** Descriptors of `spread` in order: `node.labels.zone`. */
  readonly spread: readonly string[];
  /** 0: no limit. */
  readonly maxPerNode: number;
  /** Platforms its image is for; none: any. */
  readonly platforms: readonly { readonly os: string; readonly arch: string }[];
  readonly reservation: Reservation;
  /** Types of its mounts: `volume`, `bind`, `tmpfs` … */
  readonly mounts: readonly string[];
  /** Ports published by each task on its own node: `80/tcp`. */
  readonly hostPorts: readonly string[];
  /** `UpdateStatus.State`, or empty. */
  readonly update: string;
  /** Running tasks by Docker's own count (`ServiceStatus`). */
  readonly running: number;
}

/** One task, of any service. */
export interface Task {
  readonly id: string;
  readonly serviceId: string;
  /** Empty while it has no node. */
  readonly nodeId: string;
  readonly state: string;
  readonly desired: string;
  /** Swarm's error: `no suitable node (…)`. */
  readonly error: string;
  readonly reservation: Reservation;
}

/** The swarm at one time. */
export interface Snapshot {
  readonly nodes: readonly Node[];
  readonly services: readonly Service[];
  readonly tasks: readonly Task[];
}

const ended: ReadonlySet<string> = new Set(["complete", "shutdown", "failed", "rejected", "remove", "orphaned"]);
const undesired: ReadonlySet<string> = new Set(["shutdown", "remove", "complete"]);

/** Whether it still holds what it reserved on its node. */
export const isHolding = (task: Task): boolean => task.nodeId !== "" && !ended.has(task.state);

/** Whether it is one of the tasks its service should have, and has not ended. */
export const isActive = (task: Task): boolean => !undesired.has(task.desired) && !ended.has(task.state);

/** Whether it runs and should; with a health check only a healthy one counts as running. */
export const isRunning = (task: Task): boolean => isActive(task) && task.state === "running";

/** Whether Swarm may put tasks on it. */
export const isOpen = (node: Node): boolean => node.state === "ready" && node.availability === "active";

/** Why its replica count must not be touched now, or nothing: any update of the spec resets an update's status. */
export function updateUnderWay(service: Service): string | undefined {
  switch (service.update) {
    case "updating":
    case "rollback_started":
      return `is being updated (${service.update})`;
    case "paused":
    case "rollback_paused":
      return `has an update that stopped (${service.update}), which scaling would set going again`;
    default:
      return undefined;
  }
}
