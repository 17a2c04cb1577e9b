import type * as pulumi from "@pulumi/pulumi";
import type { AutoscaleConfig } from "../config/schema";

/** Replicated or global: a number of tasks, or one on every eligible node. */
export type Mode = { readonly replicas: number } | "global";

/** The mode of a service whose `replicas` are a number, or `global`. */
export function modeOf(tasks: number | "global"): Mode {
  return tasks === "global" ? tasks : { replicas: tasks };
}

/** How the steward chooses the number of a service's tasks; it reads this from the service's label. */
export interface AutoscalePolicy extends AutoscaleConfig {
  /** The load balancer's route whose requests count. */
  readonly route?: string | undefined;
}

/** A placement constraint in Swarm's syntax. */
export type Constraint = `node.${"role" | "hostname" | "platform.arch" | `labels.${string}`} ${"==" | "!="} ${string}`;

/** On which nodes tasks run. Default: on any. */
export interface Placement {
  readonly constraints: readonly Constraint[];
  /** At most this many tasks on one node. Default: any number. */
  readonly maxPerNode?: number;
}

/** A placement with the constraint that ties a service to its data. */
export interface DataPlacement extends Placement {
  readonly constraints: readonly [Constraint, ...Constraint[]];
}

/** CPU and memory of one task. */
export interface Resources {
  /** CPUs, e.g. 0.5. */
  readonly cpus: number;
  readonly memoryMiB: number;
}

/** A TCP port. */
export interface Port {
  /** The port in the container. */
  readonly target: number;
  /** The port on the nodes. */
  readonly published: number;
  /** `ingress`: on every node, by the routing mesh. `host`: on nodes with a task, which keeps the client's address. */
  readonly mode: "ingress" | "host";
}

/** Docker's health check of a task. */
export interface HealthCheck {
  /** A command that exits with 0 when the task is healthy. */
  readonly command: readonly string[];
  /**
   * Default: 60 s. Each check starts a process in the container, which takes 1.2 s of an emulated CPU: with four tasks on a node,
   * checks every 30 s took half of the CPU time of an idle worker. While a task starts, Docker checks every 3 s.
   */
  readonly intervalSeconds?: number;
  /** Default: 30 s. The start of a process takes a second on an emulated CPU, and longer if many tasks start at once. */
  readonly timeoutSeconds?: number;
  /** Default: 3. */
  readonly retries?: number;
  /** Failures do not count for this time after the start. Default: 60 s. */
  readonly startSeconds?: number;
}

/** How Swarm replaces tasks when a service changes. */
export interface UpdatePolicy {
  /** `start-first` if two tasks may run in parallel, else `stop-first`. */
  readonly order: "start-first" | "stop-first";
  /** How many tasks are replaced at once. Default: 1. */
  readonly parallelism?: number;
  /** Pause between one task and the next. Default: 0 s. */
  readonly delaySeconds?: number;
  /** What Swarm does when a task fails. Default: `rollback`. */
  readonly onFailure?: "rollback" | "pause" | "continue";
  /** A task that fails within this time after its start counts as a failure of the update. Default: 10 s. */
  readonly monitorSeconds?: number;
}

/** Something of the swarm, as a service refers to it. */
type Referred = Readonly<Record<"id" | "name", pulumi.Input<string>>>;

/** A config as a file in the container. */
export interface ConfigFile {
  readonly path: string;
  /** A `ConfigReference`. */
  readonly config: Referred;
}

/** A Docker secret at `/run/secrets/<file>`, readable for `uid` alone. */
export interface SecretFile {
  readonly file: string;
  readonly uid: number;
  /** A `SecretReference`. */
  readonly secret: Referred;
}

/** A network by its id; the task answers there to the service's name and to `aliases`. */
export interface NetworkUse {
  readonly id: pulumi.Input<string>;
  readonly aliases?: readonly string[];
}

/** A folder in memory. */
export interface TmpfsMount {
  readonly type: "tmpfs";
  readonly target: string;
}

/** Data that stays on the node when the task ends. */
export interface VolumeMount {
  readonly type: "volume";
  readonly source: string;
  readonly target: string;
}

/** A file or socket of the node itself. */
export interface BindMount {
  readonly type: "bind";
  readonly source: string;
  readonly target: string;
}

/** Mounts and placement. Volumes and binds are local to a node, so with them a service needs a constraint or is global. */
type Mounting =
  | { readonly mounts?: readonly TmpfsMount[]; readonly placement?: Placement }
  | { readonly mounts: readonly (TmpfsMount | VolumeMount | BindMount)[]; readonly placement: DataPlacement }
  | { readonly mode: "global"; readonly mounts: readonly (TmpfsMount | BindMount)[]; readonly placement?: Placement };

/** A service in Swarm's terms. */
export type ServiceSpec = Mounting & {
  readonly image: pulumi.Input<string>;
  readonly mode: Mode;
  /** The most that a task may use. Default: 1 CPU and 512 MiB. */
  readonly limits?: Resources;
  /** What Swarm reserves for a task: it starts only on a node with as much left. Default: 0.05 CPU and 32 MiB. */
  readonly reservations?: Resources;
  /** Default: the image's HEALTHCHECK; without one, a running task counts as healthy. */
  readonly health?: HealthCheck;
  /** Default: `{ order: "stop-first" }`: one task at a time, with a rollback if one fails. */
  readonly update?: UpdatePolicy;
  /** Arguments for the image's entrypoint. */
  readonly args?: readonly string[];
  /**
   * One variable. The provider sends several in random order, which Swarm takes for a changed task spec: each update would
   * restart all tasks. Use a config for more.
   */
  readonly env?: readonly [name: string, value: pulumi.Input<string>];
  /** `uid` or `uid:gid`. Default: the image's own. */
  readonly user?: string;
  /** Supplementary groups, by number. */
  readonly groups?: readonly pulumi.Input<string>[];
  /** Default: the number of tasks follows from `mode`. */
  readonly autoscale?: AutoscalePolicy | undefined;
  /** Default: true; tasks write to tmpfs and volumes. */
  readonly readOnly?: boolean;
  readonly networks?: readonly NetworkUse[];
  readonly ports?: readonly Port[];
  readonly configs?: readonly ConfigFile[];
  readonly secrets?: readonly SecretFile[];
  /** From the stop signal to the kill. Default: 30 s. */
  readonly stopSeconds?: number;
  /** Delay before a task is restarted. Default: 2 s. */
  readonly restartDelaySeconds?: number;
};
