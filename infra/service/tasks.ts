import type { ServiceConfig } from "../config/schema";
import type { AutoscalePolicy, Mode } from "./spec/mode";
import type { Resources } from "./spec/resources";

/** How many tasks a service has, and what a node keeps free for each, as far as the configuration says. */
export interface TaskSettings {
  readonly mode: Mode;
  /** Default: the number of tasks is what `mode` says. */
  readonly autoscale?: AutoscalePolicy | undefined;
  /** Default: the service's usual ones. */
  readonly reservations?: ServiceConfig["reservations"];
}

/** The settings with the service's usual needs; a limit leaves room for what is reserved. */
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
