import type * as docker from "@pulumi/docker";
import { duration } from "./units";

/** When Swarm starts a task again that has ended. */
export interface Restart {
  /** `any`: always. `on-failure`: with another status than 0, or unhealthy. `none`: never. Default: `any`, as Docker's. */
  readonly condition?: "any" | "on-failure" | "none";
  /** Between the end of a task and its next start. Default: 5 s, as Docker's. */
  readonly delaySeconds?: number;
  /** Starts within `windowSeconds` before Swarm gives up. Default: 0, which is any number. */
  readonly maxAttempts?: number;
  /** Default: 0, which is all the time there is. */
  readonly windowSeconds?: number;
}

/** The restart policy of a task that has an end. */
export interface OneShotRestart extends Restart {
  /** Default: `none`. */
  readonly condition?: "on-failure" | "none";
}

/** The restart policy of a job's tasks: they end, however often they fail. */
export type JobRestart =
  | (Restart & { readonly condition?: "none" })
  | (Restart & { readonly condition: "on-failure"; readonly maxAttempts: number });

/** Complete: what is left out the provider sends as zero, which is no delay. */
export function restartPolicy(
  { condition, delaySeconds = 5, maxAttempts, windowSeconds = 0 }: Restart,
  unless: NonNullable<Restart["condition"]> = "any",
): docker.types.input.ServiceTaskSpecRestartPolicy {
  return {
    condition: condition ?? unless,
    delay: duration(delaySeconds),
    maxAttempts,
    window: duration(windowSeconds),
  };
}
