import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";
import type { Hub } from "./hub.ts";

/** The metrics that Prometheus scrapes; the names are documented in the README. */
export function makeMetrics(hub: Hub) {
  const registry = new Registry();
  const registers = [registry];
  // Its own precision, 10 ms, wakes a process that has nothing to do a hundred times a second.
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 1_000 });
  const counted = (items: Iterable<{ state: string }>, gauge: Gauge<"state">): void => {
    gauge.reset();
    for (const { state } of items) gauge.inc({ state });
  };
  new Gauge({
    name: "visualizer_viewers",
    help: "Open streams of viewers",
    registers,
    collect() {
      this.set(hub.viewers);
    },
  });
  new Gauge({
    name: "swarm_nodes",
    help: "Nodes of the swarm by state",
    labelNames: ["state"],
    registers,
    collect() {
      counted(hub.clusterState.nodes.values(), this);
    },
  });
  new Gauge({
    name: "swarm_tasks",
    help: "Tasks of the swarm by state",
    labelNames: ["state"],
    registers,
    collect() {
      counted(hub.clusterState.tasks.values(), this);
    },
  });
  return {
    registry,
    connected: new Gauge({ name: "visualizer_docker_connected", help: "1 while a manager is read", registers }),
    events: new Counter({ name: "visualizer_docker_events_total", help: "Events Docker sent", registers }),
    requests: new Counter({
      name: "visualizer_docker_requests_total",
      help: "Requests sent to Docker",
      labelNames: ["path", "outcome"],
      registers,
    }),
    reading: new Histogram({
      name: "visualizer_reading_seconds",
      help: "Time to read the whole swarm",
      buckets: [0.01, 0.03, 0.1, 0.3, 1, 3, 10],
      registers,
    }),
    dropped: new Counter({
      name: "visualizer_viewers_dropped_total",
      help: "Viewers that were too slow and start again",
      registers,
    }),
  };
}

/** The metrics of one server. */
export type Metrics = ReturnType<typeof makeMetrics>;
