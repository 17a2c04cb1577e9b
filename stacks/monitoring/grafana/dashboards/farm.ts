import { freeShare } from "../../base/disks";
import { ofNodes } from "../../base/nodes";
import { dashboardOf, height } from "./dashboard";
import { byService, cpuModes, cpus, memory, named, window } from "./expressions";
import type { Measured } from "./measured";
import { graph, number } from "./panels";

/** How many services a graph of all shows. */
const most = 10;

/** The whole farm: whether it is well, and which node or service to look at next. */
export function farmDashboard(measured: Measured) {
  return dashboardOf(
    {
      name: "farm",
      title: "Farm",
      description: "Whether the farm is well, and which node, service or route to look at next.",
      rows: [
        { height: height.numbers, panels: health(measured) },
        { height: height.graphs, panels: [nodesCpu, nodesMemory, nodesDisk] },
        { height: height.graphs, panels: [servicesCpu, servicesMemory] },
        ...(measured.hasRequests ? [{ height: height.graphs, panels: [requests, errors] }] : []),
        ...(measured.hasBackups ? [{ height: height.graphs, panels: [backups] }] : []),
        ...(measured.logStore === undefined
          ? []
          : [{ height: height.graphs, panels: [lines(measured.logStore), waiting] }]),
      ],
    },
    measured.scrapeSeconds,
  );
}

function health({ hasProbes }: Measured) {
  return [
    number(
      { title: "Alerts", description: "Alerts that fire.", red: { from: 1 } },
      { expression: 'count(ALERTS{alertstate="firing"}) or vector(0)' },
    ),
    number(
      { title: "Nodes down", description: "Nodes that the swarm reports as not ready.", red: { from: 1 } },
      { expression: "count(swarm_farm_node_ready) - sum(swarm_farm_node_ready)" },
    ),
    number(
      { title: "Managers", description: "Managers that the others reach.", red: { below: 1 } },
      { expression: "sum(swarm_farm_manager_reachable)" },
    ),
    number(
      {
        title: "Services short of tasks",
        description: "Services that run fewer tasks than they should.",
        red: { from: 1 },
      },
      { expression: "sum(swarm_farm_service_running_tasks < bool swarm_farm_service_desired_tasks)" },
    ),
    number(
      { title: "Failed tasks", description: "Tasks that failed within ten minutes.", red: { from: 3 } },
      { expression: "sum(swarm_farm_service_failed_tasks)" },
    ),
    ...(hasProbes
      ? [
          number(
            { title: "Routes down", description: "Routes whose page does not answer.", red: { from: 1 } },
            { expression: "count(probe_success) - sum(probe_success)" },
          ),
        ]
      : []),
  ];
}

const share = "percentunit";

const nodesCpu = graph(
  { title: "CPU by node", description: "The share of each node's CPUs that is in use.", unit: share, max: 1 },
  {
    expression: named(`1 - ${cpuModes('{mode="idle"}')} / ${cpuModes()}`),
    legend: "{{nodename}}",
  },
);

const nodesMemory = graph(
  { title: "Memory by node", description: "The share of each node's memory that is in use.", unit: share, max: 1 },
  {
    expression: named("1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes"),
    legend: "{{nodename}}",
  },
);

const nodesDisk = graph(
  { title: "Disk by node", description: "The share of each node's fullest disk that is in use.", unit: share, max: 1 },
  { expression: named(`1 - min by (instance) (${freeShare(ofNodes)})`), legend: "{{nodename}}" },
);

const servicesCpu = graph(
  { title: "CPU by service", description: `CPUs that all tasks of a service use; the ${String(most)} that use most.` },
  { expression: `topk(${String(most)}, sum by (${byService}) (${cpus()}))`, legend: `{{${byService}}}` },
);

const servicesMemory = graph(
  {
    title: "Memory by service",
    description: `Memory that all tasks of a service use; the ${String(most)} that use most.`,
    unit: "bytes",
  },
  { expression: `topk(${String(most)}, sum by (${byService}) (${memory()}))`, legend: `{{${byService}}}` },
);

const requests = graph(
  { title: "Requests by route", description: "Requests that the load balancers answer.", unit: "reqps" },
  { expression: `sum by (route) (rate(swarm_farm_requests_total${window}))`, legend: "{{route}}" },
);

const errors = graph(
  { title: "Server errors by route", description: "Requests that end with an error of the server.", unit: "reqps" },
  { expression: `sum by (route) (rate(swarm_farm_requests_total{code="5xx"}${window}))`, legend: "{{route}}" },
);

const backups = graph(
  { title: "Age of backups", description: "The time since a node's last whole backup.", unit: "dtdurations" },
  { expression: "time() - (swarm_farm_backup_last_success_timestamp_seconds > 0)", legend: "{{node}}" },
);

const lines = (store: string) =>
  graph(
    { title: "Log lines", description: "Lines that the store of the logs takes each second." },
    { expression: `sum by (type) (rate(vl_rows_ingested_total{job="${store}"}${window}))`, legend: "{{type}}" },
  );

const waiting = graph(
  { title: "Logs that wait", description: "What the nodes have not sent to the store of the logs yet.", unit: "bytes" },
  { expression: "sum by (instance) (vlagent_remotewrite_pending_data_bytes)", legend: "{{instance}}" },
);
