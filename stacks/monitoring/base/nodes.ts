/** The service with a node exporter on every node. */
export const nodesService = "monitoring-nodes";

/** Node exporters of the farm's nodes, as PromQL's matcher: a target outside of the swarm may be one, too. */
export const ofNodes = `job="${nodesService}"`;
