import type { PanelId } from "../../shared/graphs.ts";
import { is, isOneOf, type Lookback } from "./promql.ts";

/** The node, service, route or farm that graphs are of. */
export interface Subject {
  /** Of the node, service or route; empty for the farm. */
  readonly name: string;
  /** Of a node: its ids in the swarm, of which there are two after it joined again. */
  readonly nodeIds: readonly string[];
}

/** One query of a graph. Each series of its result is a line. */
export interface Query {
  readonly expression: string;
  /** The label that names a line, or the one line's name. */
  readonly line:
    { readonly label: "nodename" | "task" | "service" | "route" | "code" | "mode" | "mountpoint" } | string;
  /** Default: false. */
  readonly isBound?: boolean;
}

type Queries = (lookback: Lookback, subject: Subject) => readonly Query[];

const swarmService = "container_label_com_docker_swarm_service_name";
const swarmTask = "container_label_com_docker_swarm_task_name";
const swarmNode = "container_label_com_docker_swarm_node_id";

/** As in the alerts DiskNearlyFull and DiskFull (stacks/monitoring/alerts). */
const disks = '{fstype!~"tmpfs|ramfs|overlay|squashfs|iso9660", mountpoint!~"/boot.*"}';
const free = (lookback: Lookback): string => lookback.over("min", `node_filesystem_avail_bytes${disks}`);

/** Results of node exporters by the node's name and `labels`: one node's, or those of all. */
function onNodes(expression: string, name?: string, ...labels: readonly string[]): string {
  // A hypervisor's node exporter has the same metrics.
  const ofNodes = [is("job", "monitoring-nodes"), ...(name === undefined ? [] : [is("nodename", name)])].join(", ");
  const named = `max by (instance, nodename) (node_uname_info{${ofNodes}})`;
  return `max by (${["nodename", ...labels].join(", ")}) ((${expression}) * on (instance) group_left (nodename) ${named})`;
}

/** Sums of containers by slot, so that a task and the one that replaces it are one line. */
function byTask(metric: string): string {
  return `sum by (task) (label_replace(${metric}, "task", "$1", "${swarmTask}", "(.+)[.][^.]+"))`;
}

/** By this, and not by the number of CPUs: a rate over less time than its window is too small, and idle time would be missing. */
const allModes = ({ rate }: Lookback): string => `sum by (instance) (${rate("node_cpu_seconds_total")})`;
const requests = "swarm_farm_requests_total";
const cpuOf = (selector: string, { rate }: Lookback): string =>
  byTask(rate(`container_cpu_usage_seconds_total{${selector}}`));
const memoryOf = (selector: string, { over }: Lookback): string =>
  byTask(over("max", `container_memory_working_set_bytes{${selector}}`));

/** The queries of every graph. The metrics are those of docs/how-to/monitoring.md; no name in them comes from a viewer unquoted. */
export const catalog: Readonly<Record<PanelId, Queries>> = {
  "farm-cpu": (lookback) => {
    const idle = `sum by (instance) (${lookback.rate('node_cpu_seconds_total{mode=~"idle|iowait"}')})`;
    return [{ expression: onNodes(`1 - ${idle} / ${allModes(lookback)}`), line: { label: "nodename" } }];
  },
  "farm-memory": ({ over }) => {
    const available = over("min", "node_memory_MemAvailable_bytes");
    return [{ expression: onNodes(`1 - ${available} / node_memory_MemTotal_bytes`), line: { label: "nodename" } }];
  },
  "farm-disk": (lookback) => {
    const used = `max by (instance) (1 - ${free(lookback)} / node_filesystem_size_bytes${disks})`;
    return [{ expression: onNodes(used), line: { label: "nodename" } }];
  },
  "farm-missing": ({ highestOf }) => {
    const most = (what: string) => `max by (service) (swarm_farm_service_${what}_tasks)`;
    return [
      {
        expression: highestOf(`clamp_min(${most("desired")} - ${most("running")}, 0)`),
        line: { label: "service" },
      },
    ];
  },
  "farm-requests": ({ rate }) => [{ expression: `sum by (route) (${rate(requests)})`, line: { label: "route" } }],
  "farm-errors": ({ rate }) => [
    { expression: `sum by (route) (${rate(`${requests}{code="5xx"}`)})`, line: { label: "route" } },
  ],

  "node-cpu": (lookback, { name }) => {
    const busy = `sum by (instance, mode) (${lookback.rate('node_cpu_seconds_total{mode!="idle"}')})`;
    const share = `${busy} / on (instance) group_left () ${allModes(lookback)}`;
    return [{ expression: onNodes(share, name, "mode"), line: { label: "mode" } }];
  },
  "node-memory": ({ over }, { name }) => {
    const used = `node_memory_MemTotal_bytes - ${over("min", "node_memory_MemAvailable_bytes")}`;
    return [
      { expression: onNodes(used, name), line: "used" },
      { expression: onNodes("node_memory_MemTotal_bytes", name), line: "total", isBound: true },
    ];
  },
  "node-disk": (lookback, { name }) => [
    { expression: onNodes(free(lookback), name, "mountpoint"), line: { label: "mountpoint" } },
  ],
  "node-task-cpu": (lookback, { nodeIds }) => [
    { expression: cpuOf(isOneOf(swarmNode, nodeIds), lookback), line: { label: "task" } },
  ],
  "node-task-memory": (lookback, { nodeIds }) => [
    { expression: memoryOf(isOneOf(swarmNode, nodeIds), lookback), line: { label: "task" } },
  ],

  "service-tasks": ({ over }, { name }) => {
    const tasks = (how: "min" | "max", what: string) =>
      `max(${over(how, `swarm_farm_service_${what}_tasks{${is("service", name)}}`)})`;
    return [
      { expression: tasks("min", "running"), line: "running" },
      { expression: tasks("max", "desired"), line: "desired", isBound: true },
    ];
  },
  "service-failed": ({ over }, { name }) => [
    { expression: `max(${over("max", `swarm_farm_service_failed_tasks{${is("service", name)}}`)})`, line: "failed" },
  ],
  "service-cpu": (lookback, { name }) => [
    { expression: cpuOf(is(swarmService, name), lookback), line: { label: "task" } },
  ],
  "service-memory": (lookback, { name }) => [
    { expression: memoryOf(is(swarmService, name), lookback), line: { label: "task" } },
    {
      expression: `max(container_spec_memory_limit_bytes{${is(swarmService, name)}}) > 0`,
      line: "limit of each",
      isBound: true,
    },
  ],

  "route-requests": ({ rate }, { name }) => [
    { expression: `sum by (code) (${rate(`${requests}{${is("route", name)}}`)})`, line: { label: "code" } },
  ],
  "route-errors": ({ rate }, { name }) => {
    const sum = (...conditions: readonly string[]) => `sum(${rate(`${requests}{${conditions.join(", ")}}`)})`;
    return [{ expression: `${sum(is("route", name), is("code", "5xx"))} / ${sum(is("route", name))}`, line: "failed" }];
  },
  "route-time": ({ over }, { name }) => [
    { expression: `max(${over("max", `probe_duration_seconds{${is("route", name)}}`)})`, line: "until the answer" },
  ],
  "route-probe": ({ over }, { name }) => [
    { expression: `min(${over("avg", `probe_success{${is("route", name)}}`)})`, line: "succeeded" },
  ],
};
