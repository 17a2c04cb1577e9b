/**
 * The folder on each node that holds metrics as files: `NAME.prom`, readable by all, each replaced as a whole. A stack whose plan has
 * `nodeMetrics` writes there; the node exporter reads it.
 */
export const nodeMetricsFolder = "/var/lib/swarm-farm/metrics";
