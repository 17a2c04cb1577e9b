import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";

/** From a few seconds to the time in which a person would have reacted. */
const latencyBuckets = [5, 10, 20, 30, 45, 60, 90, 120, 180, 300, 600, 1_200];

/** The metrics that Prometheus scrapes; the names are documented in the README. */
export function makeMetrics() {
  const registry = new Registry();
  const registers = [registry];
  const named = (name: string, help: string) => ({ name: `swarm_farm_steward_${name}`, help, registers });
  // Its own precision, 10 ms, wakes a process that has nothing to do a hundred times a second.
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 1_000 });
  return {
    registry,
    leaseHeld: new Gauge(named("lease_held", "1 while this steward is the one that acts")),
    moveUnderWay: new Gauge(named("move_under_way", "1 while a service is being moved")),
    moves: new Counter({
      ...named("moves_total", "Moves that ended, by outcome: moved, undone, useless, dropped"),
      labelNames: ["outcome"],
    }),
    refusals: new Gauge({ ...named("refusals", "Uneven services not moved now, by reason"), labelNames: ["reason"] }),
    scalings: new Counter({
      ...named("scalings_total", "Services scaled by their policy"),
      labelNames: ["service", "direction"],
    }),
    holds: new Gauge({
      ...named("holds", "1 for each policy that something keeps from acting, by reason"),
      labelNames: ["service", "reason"],
    }),
    badPolicies: new Gauge(named("bad_policies", "Services whose policy is wrong, and which are left alone")),
    errors: new Counter({
      ...named("errors_total", "Looks at the swarm that failed, by kind: conflict, lease, other"),
      labelNames: ["kind"],
    }),
    looks: new Counter(named("looks_total", "Looks at the swarm that succeeded")),
    balanceSeconds: new Histogram({
      ...named("balance_seconds", "From a node's return until no service can be balanced better"),
      buckets: latencyBuckets,
    }),
    growthSeconds: new Histogram({
      ...named("growth_seconds", "From a load that calls for more replicas until these run"),
      buckets: latencyBuckets,
    }),
  };
}

/** All metrics. */
export type Metrics = ReturnType<typeof makeMetrics>;
