import type { ServiceConfig } from "../config/schema";
import type { AutoscalePolicy, Mode } from "./spec/mode";
import type { Resources } from "./spec/resources";

/** Replicas, policy and reservations of a service, as far as the configuration has them. */
export interface TaskSettings {
  readonly mode: Mode;
  /** Default: the number of tasks follows from `mode`. */
  readonly autoscale?: AutoscalePolicy | undefined;
  /** Default: the service's own. */
  readonly reservations?: ServiceConfig["reservations"];
}

/** These settings with the service's defaults; limits grow with reservations. */
export function tasks(
  { mode, autoscale, reservations: { cpus, memoryMiB } = {} }: TaskSettings,
  { limits, reservations }: Readonly<Record<"limits" | "reservations", Resources>>,
) {
  const reserved: Resources = { cpus: cpus ?? reservations.cpus, memoryMiB: memoryMiB ?? reservations.memoryMiB };
  return {
    mode,
    autoscale,
    reservations: reserved,
    limits: {
      cpus: Math.max(limits.cpus, reserved.cpus),
      memoryMiB: Math.max(limits.memoryMiB, reserved.memoryMiB),
    },
  };
}
