/** A node of the swarm as the page shows it. */
export interface Node {
  readonly id: string;
  readonly name: string;
  readonly role: string;
  readonly leader: boolean;
  /** Of a manager: `reachable` or `unreachable`; empty for a worker. */
  readonly reachability: string;
  readonly availability: string;
  readonly state: string;
  /** Why the node is in its state, in Docker's words. */
  readonly message: string;
  readonly address: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly cpus: number;
  readonly memoryBytes: number;
  readonly platform: string;
  readonly engine: string;
}

/** An update or rollback, as far as Docker and the tasks' own versions show. */
export interface Update {
  readonly state: string;
  readonly message: string;
  /** How many running tasks have the new definition; absent while no update runs. */
  readonly done?: number;
}

/** A service as the page shows it. */
export interface Service {
  readonly id: string;
  readonly name: string;
  readonly mode: string;
  readonly image: string;
  /** How many tasks it should have; of a job, how many completions. */
  readonly desiredTasks: number;
  readonly running: number;
  /** Of a job: how many tasks have come to their end. */
  readonly completed: number;
  readonly ports: readonly string[];
  readonly update?: Update;
}

/** A task as the page shows it. Times are milliseconds of the swarm's clock. */
export interface Task {
  readonly id: string;
  readonly serviceId: string;
  /** Empty while the task waits for a node. */
  readonly nodeId: string;
  /** 0 for a task of a global service, which has one task per node and no slots. */
  readonly slot: number;
  readonly state: string;
  readonly desired: string;
  readonly createdAt: number;
  readonly stateAt: number;
  readonly image: string;
  /** Why it is in its state, if it is anything but running. */
  readonly reason: string;
  readonly exitCode?: number;
  readonly reservedCpus: number;
  readonly reservedBytes: number;
}

/** The manager that answers for the swarm. */
export interface Swarm {
  readonly manager: string;
  readonly docker: string;
  readonly api: string;
}

/** Something a person should know about the page's own sources. */
export interface Problem {
  readonly id: string;
  readonly text: string;
}

/** An alert of Prometheus that fires. */
export interface Alert {
  /** The same as long as it fires. */
  readonly id: string;
  /** In words without spaces, e.g. `NodeDown`. */
  readonly name: string;
  readonly level: "warn" | "bad";
  /** Milliseconds of Prometheus' clock; 0 where it says none. */
  readonly since: number;
  readonly summary: string;
  /** Advice. */
  readonly action: string;
}

/** Alerts that fire, critical ones first; `problem` is why they are not known. */
export interface Alerts {
  readonly firing: readonly Alert[];
  readonly problem?: string;
}

/** The swarm at one moment. */
export interface ClusterState {
  readonly nodes: ReadonlyMap<string, Node>;
  readonly services: ReadonlyMap<string, Service>;
  readonly tasks: ReadonlyMap<string, Task>;
}

/** A node, service, task or alert by name, so that the page can mark it up and link it. */
export interface Subject {
  readonly kind: "node" | "service" | "task" | "alert";
  readonly id: string;
  readonly name: string;
}

/** How much a line should catch the eye. */
export type Level = "plain" | "good" | "warn" | "bad";

/** One line of the time line: "web.3 failed on worker2: exit 137". */
export interface ActivityLine {
  readonly id: number;
  readonly at: number;
  readonly level: Level;
  readonly subject: Subject;
  readonly verb: string;
  readonly on?: Subject;
  readonly service?: string;
  readonly detail?: string;
}

/** No alert fires. */
export const noAlerts: Alerts = { firing: [] };

/** Without nodes, services and tasks. */
export const emptyClusterState: ClusterState = { nodes: new Map(), services: new Map(), tasks: new Map() };
