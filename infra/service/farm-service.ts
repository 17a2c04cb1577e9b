import type { HealthCommand } from "./spec/health";
import type { Logging } from "./spec/logging";
import type { Mode } from "./spec/mode";
import type { Mount, TmpfsMount } from "./spec/mounts";
import type { Constraint, Placement } from "./spec/placement";
import type { Endpoint } from "./spec/ports";
import type { SecretFile } from "./spec/references";
import type { Resources } from "./spec/resources";
import type { AnyService, Serving } from "./spec/service-spec";
import type { UpdatePolicy } from "./spec/updates";
import type { SwarmServiceArgs } from "./service";

/**
 * Each line of Docker's files has the name of its task, by which stored logs are found. A change of it restarts tasks, so that it is there
 * before a store is.
 */
export const taskTag = { tag: "{{.Name}}" } as const;

/** Logs are kept on the node, as much of them as helps: a full disk takes the node with it. */
export const farmLogging: Logging = {
  driver: "json-file",
  options: { "max-size": "10m", "max-file": "3", ...taskTag },
};

/**
 * Each check starts a process in the container, which costs Docker, containerd and the kernel 1.2 s of an emulated CPU: with four
 * tasks on a node and a check every 30 s that was half of what an idle worker used. A started process alone costs a second, and
 * many where all start at once.
 */
const healthTimes = { intervalSeconds: 60, timeoutSeconds: 30, retries: 3, startSeconds: 60 } as const;

/** A placement that names where the data is. */
export interface DataPlacement extends Placement {
  readonly constraints: readonly [Constraint, ...Constraint[]];
}

/** Data on a single node ties tasks to that node: with a volume or a bind the type asks where, unless on all. */
type Mounting =
  | { readonly mode: Mode; readonly mounts?: readonly TmpfsMount[]; readonly placement?: Placement }
  | { readonly mode: Mode; readonly mounts: readonly Mount[]; readonly placement: DataPlacement }
  | { readonly mode: "global"; readonly mounts: readonly Mount[]; readonly placement?: Placement };

/** A secret of which it is said who reads it. */
export type OwnedSecret = SecretFile & { readonly uid: number };

/** Settings that the farm's own services must have, and SwarmService leaves open. */
interface Stricter {
  readonly limits: Resources;
  readonly reservations: Resources;
  /** Checked every 60 s, 30 s at most, unhealthy after 3 failures, which do not count for the first 60 s. */
  readonly health: HealthCommand;
  /** Rolled back where a task fails within 10 s. */
  readonly update: UpdatePolicy & Required<Pick<UpdatePolicy, "order">>;
  /** Readable for `uid` alone. */
  readonly secrets?: readonly OwnedSecret[];
}

/** A service of the farm's own stacks. */
export type FarmServiceSpec = Omit<AnyService, keyof Stricter | "mounts" | "placement"> &
  Stricter &
  Mounting &
  Endpoint &
  Pick<Serving, "autoscale" | "restart">;

interface FarmServiceArgs extends Omit<SwarmServiceArgs, "spec" | "unset"> {
  readonly spec: FarmServiceSpec;
}

/**
 * Arguments of a `SwarmService` with what the farm's own stacks have in common: limits and a health check are said, the image
 * cannot be written, a secret is readable for one user, an update that fails is rolled back.
 */
export function farmService({ spec, ...args }: FarmServiceArgs): SwarmServiceArgs {
  const { order, parallelism } = spec.update;
  return {
    ...args,
    // Services of existing farms keep their arguments.
    unset: "keep",
    spec: {
      restart: { delaySeconds: 2 },
      logging: farmLogging,
      readOnly: true,
      stopGraceSeconds: 30,
      // The previous spec is restored the same way; a second failure is for a person to look at.
      rollback: { order, parallelism: parallelism ?? 1, failureAction: "pause" },
      ...spec,
      health: { ...healthTimes, ...spec.health },
      update: { failureAction: "rollback", monitorSeconds: 10, ...spec.update },
      secrets: spec.secrets?.map((secret) => ({ mode: 0o400, ...secret })),
    },
  };
}
