import { collectDefaultMetrics, Counter, Gauge, Registry } from "prom-client";

/** The metrics that Prometheus scrapes; the names are documented in the README. */
export function makeMetrics() {
  const registry = new Registry();
  // Its own precision, 10 ms, wakes a process that has nothing to do a hundred times a second.
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 1_000 });
  const named = (name: string, help: string) => ({ name: `swarm_farm_job_${name}`, help, registers: [registry] });
  const gauge = (name: string, help: string) => new Gauge({ ...named(name, help), labelNames: ["service"] });
  return {
    registry,
    running: gauge("running", "1 while a run is under way"),
    failed: gauge("last_run_failed", "1 if the last run failed, or was stopped before its end"),
    missed: gauge("missed", "1 if the run that was due last was not started, since no scheduler could"),
    skipped: gauge("skipped", "1 if the run that was due last was left out, since the one before is under way"),
    wrong: gauge("wrong", "1 for a service whose labels are wrong, and which is never started"),
    started: gauge("last_due_timestamp_seconds", "When the last run was due"),
    runs: new Counter({
      ...named("runs_total", "Runs that were started, by service"),
      labelNames: ["service"],
    }),
    errors: new Counter(named("errors_total", "Looks at the swarm that failed")),
  };
}

/** All metrics. */
export type Metrics = ReturnType<typeof makeMetrics>;
