import type * as pulumi from "@pulumi/pulumi";
import type { AutoscaleConfig } from "../config/schema";

/** How many tasks: a number of them anywhere, or one on every eligible node. */
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

/** A placement constraint in Swarm's words. */
export type Constraint = `node.${"role" | "hostname" | "platform.arch" | `labels.${string}`} ${"==" | "!="} ${string}`;

/** On which nodes tasks run. Default: on any. */
export interface Placement {
  readonly constraints: readonly Constraint[];
  /** At most this many tasks on one node. Default: any number. */
  readonly maxPerNode?: number;
}

/** A placement that names where the data is. */
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
  /** In the container. */
  readonly target: number;
  /** On the nodes. */
  readonly published: number;
  /** `ingress`: on every node by the routing mesh. `host`: where a task runs, which keeps the client's address. */
  readonly mode: "ingress" | "host";
}

/** How Docker finds out whether a task can serve. */
export interface HealthCheck {
  /** Exits with 0 when the task can serve. */
  readonly command: readonly string[];
  /**
   * Default: 60 s. Each check starts a process in the container, which costs Docker, containerd and the kernel 1.2 s of an
   * emulated CPU: with four tasks on a node and a check every 30 s that was half of what an idle worker used. While a task
   * starts, Docker asks every 3 s.
   */
  readonly intervalSeconds?: number;
  /** Default: 30 s; a started process alone costs a second on an emulated CPU, and many where all start at once. */
  readonly timeoutSeconds?: number;
  /** Default: 3. */
  readonly retries?: number;
  /** Failures do not count for so long after the start. Default: 60 s. */
  readonly startSeconds?: number;
}

/** How Swarm replaces the tasks of a service that changes. */
export interface UpdatePolicy {
  /** `start-first` where two of a task may run side by side, else `stop-first`. */
  readonly order: "start-first" | "stop-first";
  /** How many tasks are replaced at once. Default: 1. */
  readonly parallelism?: number;
  /** Pause between one task and the next. Default: 0 s. */
  readonly delaySeconds?: number;
  /** What a failed task leads to. Default: `rollback`. */
  readonly onFailure?: "rollback" | "pause" | "continue";
  /** A task that fails within this time after its start has failed the update. Default: 10 s. */
  readonly monitorSeconds?: number;
}

/** Something of the swarm, as a service refers to it. */
type Referred = Readonly<Record<"id" | "name", pulumi.Input<string>>>;

/** A file in the container, named by content in the swarm: another content is one rolling update. */
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

/** Memory that looks like a folder. */
export interface TmpfsMount {
  readonly type: "tmpfs";
  readonly target: string;
}

/** Data that stays on the node when the task goes. */
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

/** What is on one node only ties its tasks to nodes: with a volume or a bind the type asks where, unless on all. */
type Mounting =
  | { readonly mounts?: readonly TmpfsMount[]; readonly placement?: Placement }
  | { readonly mounts: readonly (TmpfsMount | VolumeMount | BindMount)[]; readonly placement: DataPlacement }
  | { readonly mode: "global"; readonly mounts: readonly (TmpfsMount | BindMount)[]; readonly placement?: Placement };

/** A service in Swarm's terms. */
export type ServiceSpec = Mounting & {
  readonly image: pulumi.Input<string>;
  readonly mode: Mode;
  /** What a task may use at most. Default: 1 CPU and 512 MiB. */
  readonly limits?: Resources;
  /** What a node keeps free for a task: none runs on a node that cannot. Default: 0.05 CPU and 32 MiB. */
  readonly reservations?: Resources;
  /** When a task can serve. Default: what the image's HEALTHCHECK says; without one, a task that runs counts as healthy. */
  readonly health?: HealthCheck;
  /** Default: `{ order: "stop-first" }`, which suits every service: one task at a time, rolled back where one fails. */
  readonly update?: UpdatePolicy;
  /** Arguments for the image's entrypoint. */
  readonly args?: readonly string[];
  /**
   * One variable. The provider sends several in random order, and Swarm sees a changed spec: every change of the service would
   * restart all its tasks. More belongs in a config.
   */
  readonly env?: readonly [name: string, value: pulumi.Input<string>];
  /** `uid` or `uid:gid`. Default: the image's own. */
  readonly user?: string;
  /** More groups by number. */
  readonly groups?: readonly pulumi.Input<string>[];
  /** Default: the number of tasks is what `mode` says. */
  readonly autoscale?: AutoscalePolicy | undefined;
  /** Default: true; what is written goes to tmpfs and volumes. */
  readonly readOnly?: boolean;
  readonly networks?: readonly NetworkUse[];
  readonly ports?: readonly Port[];
  readonly configs?: readonly ConfigFile[];
  readonly secrets?: readonly SecretFile[];
  /** From the stop signal to the kill. Default: 30 s. */
  readonly stopSeconds?: number;
  /** Between the end of a task and its next start. Default: 2 s. */
  readonly restartDelaySeconds?: number;
};
