/** Results of the requests that were sent meanwhile. */
export interface Requests {
  readonly sent: number;
  readonly failed: number;
}

/** Measurements on a farm with a steward in one run; times are milliseconds. */
export interface StewardFigures {
  /** From the moment at which a worker was switched off. */
  readonly lost: {
    /** Until the swarm called it down. */
    readonly down: number;
    /** Until a task in place of the lost one answered. */
    readonly serving: number;
    readonly requests: Requests;
  };
  /** From the moment at which that worker was ready in the swarm again. */
  readonly back: {
    /** From when it was switched on until then. */
    readonly ready: number;
    /** Until the steward began. */
    readonly begun: number;
    readonly balanced: number;
    /** Tasks that Swarm moved until the steward began. */
    readonly movedBySwarm: number;
    readonly requests: Requests;
  };
  /** From the first request of a load. */
  readonly step: {
    /** Until the steward asked for one task more. */
    readonly requested: number;
    /** Until that task answered. */
    readonly serving: number;
    /** The same under the same load from `docker service scale` on. */
    readonly byHand: number;
    readonly requestsPerSecond: number;
    readonly requests: Requests;
  };
}

/** Measurements on a farm with three managers in one run; times are milliseconds from the moment its leader was switched off. */
export interface LeaderFigures {
  /** Until another was elected. */
  readonly elected: number;
  /** Until a change of the swarm was accepted. */
  readonly accepted: number;
  /** Of `up --refresh`, until there were as many managers as before. */
  readonly repaired: number;
  readonly requests: Requests;
}

/** All runs. */
export interface Figures {
  readonly steward: readonly StewardFigures[];
  readonly leader: readonly LeaderFigures[];
}
