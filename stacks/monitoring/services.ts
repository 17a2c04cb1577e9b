import { sharedExporter } from "../contract/exporter";
import { nodesService } from "./base/nodes";

/** The services of `monitoring` in the swarm, and their ports in their containers. */
export const services = {
  prometheus: { name: "monitoring-prometheus", port: 9090 },
  alertmanager: { name: "monitoring-alertmanager", port: 9093 },
  /** One on every node: disks, memory, clock. */
  nodes: { name: nodesService, port: 9100 },
  /** One on a manager: what the swarm knows of nodes and services. */
  swarm: { name: "monitoring-swarm", port: sharedExporter.port },
  /** One on every node, where no other stack has an exporter: containers, and requests by route. */
  exporter: { name: "monitoring-exporter", port: sharedExporter.port },
  /** Requests each route as a client does. */
  probes: { name: "monitoring-probes", port: 9115 },
} as const;

/** The route to Prometheus. */
export const route = "monitoring";
