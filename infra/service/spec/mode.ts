import type * as docker from "@pulumi/docker";
import type { AutoscaleConfig } from "../../config/schema";

/** A number of tasks on any eligible nodes. `replicas: 0` is a service that is stopped. */
export interface Replicated {
  readonly replicas: number;
}

/**
 * How many tasks: `replicas` of them, or one on every eligible node. Docker's job modes cannot be said: the provider has none.
 * `oneShot` is the way to run a task to its end.
 */
export type Mode = Replicated | "global";

/** The mode of a service whose `replicas` are a number, or `global`. */
export function modeOf(tasks: number | "global"): Mode {
  return tasks === "global" ? tasks : { replicas: tasks };
}

/** How the steward chooses the number of a service's tasks; it reads this from the service's label. */
export interface AutoscalePolicy extends AutoscaleConfig {
  /** The load balancer's route whose requests count. */
  readonly route?: string | undefined;
}

/** The mode as the provider takes it; where the steward takes over, inside of its bounds. */
export function serviceMode(mode: Mode = { replicas: 1 }, autoscale?: AutoscalePolicy): docker.types.input.ServiceMode {
  if (mode === "global") return { global: true };
  const { replicas } = mode;
  return {
    replicated: { replicas: autoscale ? Math.min(Math.max(replicas, autoscale.min), autoscale.max) : replicas },
  };
}
