import type * as docker from "@pulumi/docker";
import { duration } from "./units";

/** How Swarm goes from the tasks of one version to those of another. What is left out is Docker's default. */
export interface Rollout {
  /** `start-first` where two of a task may run side by side, else `stop-first`. Default: `stop-first`. */
  readonly order?: "start-first" | "stop-first";
  /** How many tasks are replaced at once; 0 is all of them. Default: 1. */
  readonly parallelism?: number;
  /** Between one task, or as many as are replaced at once, and the next. Default: 0 s. */
  readonly delaySeconds?: number;
  /** A task that fails within this time after its start has failed the update. Default: 5 s. */
  readonly monitorSeconds?: number;
  /** The share of tasks that may fail, from 0 to 1 with one decimal: the provider reads no more. Default: 0. */
  readonly maxFailureRatio?: number;
}

/** How Swarm replaces the tasks of a service that changes. */
export interface UpdatePolicy extends Rollout {
  /** The action after a failed task. Default: `pause`. */
  readonly failureAction?: "rollback" | "pause" | "continue";
}

/** How Swarm puts the previous version back. */
export interface RollbackPolicy extends Rollout {
  /** The action after a failed task: a rollback is never rolled back. Default: `pause`. */
  readonly failureAction?: "pause" | "continue";
}

/** The policy as the provider takes it, in full. */
export function updateConfig({
  order = "stop-first",
  parallelism = 1,
  delaySeconds = 0,
  failureAction = "pause",
  monitorSeconds = 5,
  maxFailureRatio,
}: UpdatePolicy): docker.types.input.ServiceUpdateConfig {
  return {
    order,
    parallelism,
    delay: duration(delaySeconds),
    failureAction,
    monitor: duration(monitorSeconds),
    maxFailureRatio: maxFailureRatio?.toFixed(1),
  };
}

/** The policy as the provider takes it; what is left out is its default, which is Docker's. */
export function rollbackConfig({
  order = "stop-first",
  parallelism = 1,
  failureAction = "pause",
  delaySeconds,
  monitorSeconds,
  maxFailureRatio,
}: RollbackPolicy): docker.types.input.ServiceRollbackConfig {
  return {
    order,
    parallelism,
    failureAction,
    delay: delaySeconds === undefined ? undefined : duration(delaySeconds),
    monitor: monitorSeconds === undefined ? undefined : duration(monitorSeconds),
    maxFailureRatio: maxFailureRatio?.toFixed(1),
  };
}
