import type { ComposeBuild } from "../../compose";

// The entries of a stack's plan.

/** A port that a service publishes. */
export interface PublishedPort {
  /** The service's name in the swarm. */
  readonly service: string;
  /** Undefined where Swarm chooses it. */
  readonly port: number | undefined;
  /** Default: `tcp`. */
  readonly protocol?: "tcp" | "udp" | "sctp";
  /** Whether only the nodes that run a task have it: Swarm places another service's tasks on other nodes. Default: false. */
  readonly host?: boolean;
  /** The key of the configuration that sets it, e.g. `hello.port`. */
  readonly key: string;
  /** Names of the routes that lead to the same pages, besides those that use this port. Default: none. */
  readonly routes?: readonly string[];
  /** The service that the reverse proxy passes it on to, and the port in its container. Default: the service itself has it. */
  readonly to?: { readonly service: string; readonly port: number };
}

/** An image of another registry, and where it is named. */
export interface NamedImage {
  readonly reference: string;
  /** For messages: a key of the configuration, or a file with line and path, e.g. `shop.yaml:4: services.web.image`. */
  readonly at: string;
}

/** An image that is built from a folder beside a compose file. */
export interface NamedBuild {
  /** The stack of the compose file. */
  readonly stack: string;
  /** The services that run it, by their keys. */
  readonly services: readonly string[];
  readonly build: ComposeBuild;
}

/** A backup of what a service keeps, by programs in its task: consistent, unlike a copy of files that change. */
export interface Dump {
  /** Lower-case letters, digits and `_`, e.g. `mysql`. */
  readonly name: string;
  /** The service in the swarm, whose task has the programs. */
  readonly service: string;
  /** Shell text for the task: prints everything, and ends with 0 only where it is whole. */
  readonly dump: string;
  /** Shell text for the task: replaces everything by what it reads from standard input. */
  readonly load: string;
}

/** A service of which Prometheus scrapes every task. */
export interface ScrapeTarget {
  /** The service's name in the swarm, and the label `job` of its samples. */
  readonly service: string;
  /** Of HTTP in the container. */
  readonly port: number;
  /** Default: `/metrics`. */
  readonly path?: string;
}

/** A Prometheus alert. */
export interface Alert {
  /** In words without spaces, e.g. `NodeDown`. */
  readonly name: string;
  /** PromQL; the alert fires while it has a result. */
  readonly expression: string;
  /** How long the expression must have a result before the alert fires. Default: 0. */
  readonly forSeconds?: number;
  /** `critical`: users notice it, or soon will. `warning`: it can wait for the morning. */
  readonly severity: "critical" | "warning";
  /** The trouble in a sentence; labels of the result as `{{ $labels.node }}`. */
  readonly summary: string;
  /** Advice, with the commands as typed. */
  readonly action: string;
  /** The page about it below docs/, with its heading, e.g. `how-to/repair.md#where-to-look`. */
  readonly page: string;
}

/** A VictoriaLogs. */
export interface LogStore extends Pick<ScrapeTarget, "service" | "port"> {
  /** Its page: the route that leads to it, and the path below that of the route. */
  readonly page: { readonly route: string; readonly path: string };
}
