import type { ComposeMount } from "./mount";
import type { Position } from "./position";
import type { Text } from "./text";

/** How many tasks run, and whether they end. `replicas` undefined: Swarm's default of 1. */
export type ComposeMode =
  | { readonly kind: "replicated"; readonly replicas?: number }
  | { readonly kind: "global" }
  | { readonly kind: "replicated-job"; readonly replicas?: number }
  | { readonly kind: "global-job" };

/** A variable of the container. */
export interface ComposeVariable {
  readonly name: string;
  /** Undefined: the image's variable of this name is removed. */
  readonly value?: Text;
}

/** A port of the tasks; one of a range is one port. */
export interface ComposePort {
  readonly target: number;
  /** Undefined: Swarm chooses one from 30000 on. */
  readonly published?: number;
  readonly protocol: "tcp" | "udp" | "sctp";
  readonly mode: "ingress" | "host";
  readonly at: Position;
}

/** A network that the tasks are attached to. */
export interface ComposeNetworkUse {
  /** Its key in the application's `networks`. */
  readonly network: string;
  /** Its name in the swarm. */
  readonly name: string;
  /** With the service's key at the end, except on networks such as `host`, which have none. */
  readonly aliases: readonly string[];
  readonly driverOpts: Readonly<Record<string, string>>;
  readonly at: Position;
}

/** A config or secret as a file in the container. */
export interface ComposeFileUse {
  /** Its key in the application's `configs` or `secrets`. */
  readonly source: string;
  /** Its name in the swarm, before the farm appends the content's hash or the secret's version. */
  readonly name: string;
  /** As written: a secret's is relative to /run/secrets, a config's to /. */
  readonly target: string;
  readonly uid: string;
  readonly gid: string;
  /** Permission bits, e.g. 0o444. */
  readonly mode: number;
  readonly at: Position;
}

/** When a task can serve. Undefined fields are the image's, or Docker's defaults. */
export interface ComposeHealthCheck {
  /** `["NONE"]`: no check. Undefined: the image's. */
  readonly test?: readonly Text[];
  readonly intervalSeconds?: number;
  readonly timeoutSeconds?: number;
  readonly retries?: number;
  readonly startPeriodSeconds?: number;
  readonly startIntervalSeconds?: number;
}

/** When Swarm starts a task again. Undefined fields are Swarm's defaults: `any`, 5 s, no limit, 0 s. */
export interface ComposeRestartPolicy {
  readonly condition?: "any" | "on-failure" | "none";
  readonly delaySeconds?: number;
  readonly maxAttempts?: number;
  readonly windowSeconds?: number;
}

/** How Swarm replaces tasks. Undefined fields are Swarm's defaults: pause, 5 s, 0, stop-first. */
export interface ComposeUpdatePolicy {
  /** 0: all at once. */
  readonly parallelism: number;
  readonly delaySeconds: number;
  /** `rollback` only in `update`: Swarm acts on it as on `pause` in a rollback. */
  readonly failureAction?: "pause" | "continue" | "rollback";
  readonly monitorSeconds?: number;
  readonly maxFailureRatio: number;
  readonly order?: "start-first" | "stop-first";
}

/** CPU and memory; undefined: no limit, or nothing reserved. */
export interface ComposeResources {
  /** CPUs, e.g. 0.5. */
  readonly cpus?: number;
  readonly memoryBytes?: number;
}

/** Limits of tasks, and reservations for them on nodes. */
export interface ComposeResourceRequirements {
  readonly limits: ComposeResources & { readonly pids?: number };
  readonly reservations: ComposeResources & {
    readonly generic: readonly { readonly kind: string; readonly value: number }[];
  };
}

/** On which nodes tasks run. */
export interface ComposePlacement {
  /** As written, e.g. `node.labels.db == true`: keys are matched without case, blanks are optional. */
  readonly constraints: readonly { readonly constraint: string; readonly at: Position }[];
  /** Labels that tasks are spread over, e.g. `node.labels.zone`, in order. */
  readonly spread: readonly string[];
  /** Undefined: any number. */
  readonly maxReplicasPerNode?: number;
}

/** Another service that comes first. */
export interface ComposeDependency {
  /** Its key. */
  readonly service: string;
  /** `started`: it is created. `healthy`: it converged. `completed`: its tasks ended with 0. */
  readonly condition: "started" | "healthy" | "completed";
  readonly at: Position;
}

/** An image that is built for linux/amd64 from a folder beside the compose file. */
export interface ComposeBuild {
  /** The compose file's folder, absolute. */
  readonly folder: string;
  /** Relative to the folder; `.` is the folder itself. */
  readonly context: string;
  /** Relative to the folder. */
  readonly dockerfile: string;
  readonly args: Readonly<Record<string, string>>;
  /** Undefined: the last stage. */
  readonly target?: string;
  /** The images that it is built from, by their lines in the Dockerfile. */
  readonly bases: readonly { readonly image: string; readonly at: Position }[];
  readonly at: Position;
}

/** A service as `docker stack deploy` understands it. A field that is undefined is not in the file: Docker's default holds. */
export interface ComposeService {
  /** Its key in the file, and its alias on its networks. */
  readonly key: string;
  /** In the swarm: `<stack>_<key>`. */
  readonly name: string;
  readonly at: Position;
  /** Where its keys stand, e.g. `image` or `deploy.replicas`. */
  readonly positions: ReadonlyMap<string, Position>;
  /** As written; empty where only `build` says what runs. */
  readonly image: string;
  /** Where it is there, `image` is only a name: of another service with that image too. */
  readonly build?: ComposeBuild;
  /** `os/arch`: tasks run only on nodes of that platform. */
  readonly platform?: string;
  readonly mode: ComposeMode;
  readonly entrypoint?: readonly Text[];
  readonly command?: readonly Text[];
  /** Sorted by name. */
  readonly environment: readonly ComposeVariable[];
  /** Of the containers, with those that docker adds. */
  readonly labels: Readonly<Record<string, Text>>;
  /** Of the service, with those that docker adds. */
  readonly serviceLabels: Readonly<Record<string, Text>>;
  /** May have a template, e.g. `{{.Node.Hostname}}`. */
  readonly hostname?: string;
  readonly user?: string;
  readonly workingDir?: string;
  /** `CAP_…` or `ALL`, sorted. */
  readonly capabilityAdd: readonly string[];
  /** Without those that are added. */
  readonly capabilityDrop: readonly string[];
  readonly init?: boolean;
  readonly sysctls: Readonly<Record<string, string>>;
  readonly hosts: readonly { readonly host: string; readonly address: string }[];
  readonly dns: readonly string[];
  readonly dnsSearch: readonly string[];
  /** E.g. `ndots:1`. */
  readonly dnsOptions: readonly string[];
  /** Of the user, by name or number. */
  readonly groups: readonly string[];
  readonly stopSignal?: string;
  /** Docker's default: 10 s. */
  readonly stopGracePeriodSeconds?: number;
  readonly readOnly: boolean;
  readonly tty: boolean;
  readonly stdinOpen: boolean;
  readonly ulimits: readonly { readonly name: string; readonly soft: number; readonly hard: number }[];
  readonly oomScoreAdj: number;
  /** `default`, `process` or `hyperv`. */
  readonly isolation?: string;
  readonly credentialSpec?: { readonly kind: "config" | "file" | "registry"; readonly value: string };
  readonly healthCheck?: ComposeHealthCheck;
  /** `driver` undefined: the node's default driver with these options. */
  readonly logging?: { readonly driver?: string; readonly options: Readonly<Record<string, Text>> };
  readonly restartPolicy?: ComposeRestartPolicy;
  readonly update?: ComposeUpdatePolicy;
  readonly rollback?: ComposeUpdatePolicy;
  readonly resources: ComposeResourceRequirements;
  readonly placement: ComposePlacement;
  /** Undefined: `vip`. */
  readonly endpointMode?: "vip" | "dnsrr";
  /** Sorted by published port. */
  readonly ports: readonly ComposePort[];
  /** Sorted by name; never empty: `default` where the file names none. */
  readonly networks: readonly ComposeNetworkUse[];
  readonly mounts: readonly ComposeMount[];
  /** Sorted by name. */
  readonly configs: readonly ComposeFileUse[];
  /** Sorted by name. */
  readonly secrets: readonly ComposeFileUse[];
  readonly dependsOn: readonly ComposeDependency[];
}
