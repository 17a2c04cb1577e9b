import type * as docker from "@pulumi/docker";
import type { LimitsArgs } from "./built-plugin";
import { bytes, nano } from "./units";

/** Limits of a task. */
export interface Limits {
  /** CPUs, e.g. 0.5. Default: no limit. */
  readonly cpus?: number;
  /** Default: no limit. */
  readonly memoryMiB?: number;
  /** Processes and threads. Only the plugin that `./farm setup` builds can set it. Default: no limit. */
  readonly pids?: number;
}

/** Reservations of a task: it runs only on a node that has them free. */
export interface Reservations {
  /** CPUs, e.g. 0.5. Default: none. */
  readonly cpus?: number;
  /** Default: none. */
  readonly memoryMiB?: number;
  /** Resources that nodes advertise, by kind: how many, or which, e.g. `{ ssd: 2, gpu: ["uuid1"] }`. Default: none. */
  readonly generic?: Readonly<Record<string, number | readonly string[]>>;
}

/** CPU and memory of one task, both said. */
export type Resources = Required<Pick<Limits, "cpus" | "memoryMiB">>;

/** Always there, be it empty: the provider keeps the limits of a service whose arguments say nothing of them. */
export function resourcesOf(
  limits: Limits = {},
  reservations: Reservations = {},
): docker.types.input.ServiceTaskSpecResources {
  const reserved = { ...amounts(reservations), genericResources: genericResources(reservations.generic) };
  return { limits: anyOf<LimitsArgs>({ ...amounts(limits), pids: limits.pids }), reservation: anyOf(reserved) };
}

function amounts({ cpus, memoryMiB }: Pick<Limits, "cpus" | "memoryMiB">) {
  return {
    nanoCpus: cpus === undefined ? undefined : nano(cpus),
    memoryBytes: memoryMiB === undefined ? undefined : bytes(memoryMiB),
  };
}

/** A block without a value would end the provider. */
function anyOf<Block extends object>(block: Block): Block | undefined {
  return Object.values(block).some((value) => value !== undefined) ? block : undefined;
}

function genericResources(generic: Reservations["generic"] = {}) {
  const kinds = Object.entries(generic).sort(([a], [b]) => (a < b ? -1 : 1));
  if (kinds.length === 0) return undefined;
  return {
    discreteResourcesSpecs: kinds.flatMap(([kind, of]) => (typeof of === "number" ? [`${kind}=${String(of)}`] : [])),
    namedResourcesSpecs: kinds.flatMap(([kind, of]) => (typeof of === "number" ? [] : of.map((id) => `${kind}=${id}`))),
  };
}
