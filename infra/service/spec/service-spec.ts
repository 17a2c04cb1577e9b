import type { Container } from "./container";
import type { Logging } from "./logging";
import type { JobSchedule } from "./job";
import type { AutoscalePolicy, Mode, Replicated } from "./mode";
import type { NetworkUse } from "./networks";
import type { Placement } from "./placement";
import type { Endpoint } from "./ports";
import type { Limits, Reservations } from "./resources";
import type { JobRestart, OneShotRestart, Restart } from "./restart";
import type { Texts } from "./text";
import type { RollbackPolicy, UpdatePolicy } from "./updates";

/** Tasks that serve until they are stopped. */
export interface Serving {
  readonly oneShot?: false;
  /** Default: `{ replicas: 1 }`. */
  readonly mode?: Mode;
  readonly restart?: Restart;
  /** Default: the number of tasks is what `mode` says. */
  readonly autoscale?: AutoscalePolicy | undefined;
  readonly job?: never;
}

/** Tasks that have an end: `up` waits until each has ended with 0. */
export interface OneShot {
  readonly oneShot: true;
  /** Default: `{ replicas: 1 }`. */
  readonly mode?: Replicated;
  /** Default: `{ condition: "none" }`. */
  readonly restart?: OneShotRestart;
  readonly autoscale?: never;
  readonly job?: never;
}

/**
 * Tasks that run on a schedule, and end. It is declared without replicas, so that no change of it starts a run; a change stops
 * the run that is under way. All tasks of a run start at once: `update` and `rollback` are without effect.
 */
export interface Job {
  readonly job: JobSchedule;
  readonly oneShot?: false;
  readonly mode?: never;
  /** Default: `{ condition: "none" }`. */
  readonly restart?: JobRestart;
  readonly autoscale?: never;
}

/** Settings of services of every mode and endpoint. */
export interface AnyService extends Container {
  /** Labels of the service. Default: none besides the farm's own. */
  readonly labels?: Texts;
  /** Default: none. */
  readonly limits?: Limits;
  /** Default: none. */
  readonly reservations?: Reservations;
  /** Another network, or another alias, replaces the service. Default: none but the routing mesh's. */
  readonly networks?: readonly NetworkUse[];
  readonly placement?: Placement;
  readonly update?: UpdatePolicy;
  readonly rollback?: RollbackPolicy;
  /** Default: the daemon's. */
  readonly logging?: Logging;
  /** Another number restarts every task, as `docker service update --force` does. Default: 0. */
  readonly forceUpdate?: number;
}

/** A service in Swarm's terms: all that the provider can say, with Docker's defaults. An image is enough. */
export type ServiceSpec = AnyService & Endpoint & (Serving | OneShot | Job);
