// Parts of PromQL that several dashboards have in common.

import { ofNodes } from "../../base/nodes";

/** The window of rates: Grafana puts in four scrapes, or more where a pixel is longer. */
export const window = "[$__rate_interval]";

/**
 * Seconds that a node's CPUs spend in modes each second. Of a share both parts are such sums: a rate over less time than its window
 * is too small, and idle time would be missing from the number of CPUs.
 */
export const cpuModes = (matchers = "", by = "instance") =>
  `sum by (${by}) (rate(node_cpu_seconds_total${matchers}${window}))`;

/** A result of node exporters, with the node's name as the label `nodename`. */
export function named(expression: string): string {
  return `(${expression}) * on (instance) group_left (nodename) node_uname_info{${ofNodes}}`;
}

/** A result of node exporters, of the chosen node alone. */
export function ofNode(expression: string): string {
  return `(${expression}) and on (instance) node_uname_info{${ofNodes}, nodename="$node"}`;
}

/** cAdvisor's names, which the farm's exporter uses. */
const label = "container_label_com_docker_swarm";

/** The label of containers with their service's name. */
export const byService = `${label}_service_name`;

/** The label of containers with their node's id. */
const byNodeId = `${label}_node_id`;

/** The nodes of the swarm with the labels `node` and, as containers have it, the node's id. */
function nodes(matchers = ""): string {
  return `label_replace(swarm_farm_node_active${matchers}, "${byNodeId}", "$1", "node_id", "(.*)")`;
}

/** A result about containers, of the chosen node alone. */
export function onNode(expression: string): string {
  return `(${expression}) and on (${byNodeId}) ${nodes('{node="$node"}')}`;
}

/** The number of containers in a result, by the node that they run on. */
export function countedByNode(expression: string): string {
  // The product only gives each container its node's name: values do not matter to a count.
  return `count by (node) ((${expression}) * on (${byNodeId}) group_left (node) ${nodes()})`;
}

/** The containers of the chosen service, as matchers. */
export const ofService = `{${byService}="$service"}`;

/** CPUs in use. */
export const cpus = (matchers = "") => `rate(container_cpu_usage_seconds_total${matchers}${window})`;

/** Memory in use, in bytes. */
export const memory = (matchers = "") => `container_memory_working_set_bytes${matchers}`;
