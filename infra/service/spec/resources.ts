/** What a task may use at most. */
export interface Limits {
  /** CPUs, e.g. 0.5. Default: no limit. */
  readonly cpus?: number;
  /** Default: no limit. */
  readonly memoryMiB?: number;
}

/** What a node keeps free for a task: none runs on a node that cannot. */
export interface Reservations {
  /** CPUs, e.g. 0.5. Default: none. */
  readonly cpus?: number;
  /** Default: none. */
  readonly memoryMiB?: number;
  /** Resources that nodes advertise, by kind: how many, or which, e.g. `{ ssd: 2, gpu: ["uuid1"] }`. Default: none. */
  readonly generic?: Readonly<Record<string, number | readonly string[]>>;
}

/** CPU and memory of one task, both said. */
export type Resources = Required<Limits>;
