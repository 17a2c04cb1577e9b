import { freeShare } from "../../base/disks";
import { ofNodes } from "../../base/nodes";
import { dashboardOf, height } from "./dashboard";
import { byService, cpuModes, cpus, memory, ofNode, onNode, window } from "./expressions";
import type { Measured } from "./measured";
import { graph, number } from "./panels";

/** One node: which of its resources is short, and what takes it. */
export function nodeDashboard({ scrapeSeconds }: Measured) {
  return dashboardOf(
    {
      name: "node",
      title: "Node",
      description: "Which of a node's resources is short, and which service takes it.",
      variable: { name: "node", metric: `node_uname_info{${ofNodes}}`, label: "nodename" },
      rows: [
        { height: height.numbers, panels: [ready, active, uptime, killed] },
        { height: height.graphs, panels: [cpu, load] },
        { height: height.graphs, panels: [memoryInUse, disks] },
        { height: height.graphs, panels: [diskTraffic, diskBusy] },
        { height: height.graphs, panels: [servicesCpu, servicesMemory] },
        { height: height.graphs, panels: [clock] },
      ],
    },
    scrapeSeconds,
  );
}

const share = "percentunit";

const ready = number(
  { title: "Ready", description: "1 while the swarm reports the node as ready.", red: { below: 1 } },
  { expression: 'swarm_farm_node_ready{node="$node"}' },
);

const active = number(
  { title: "Active", description: "1 while the node takes tasks, 0 while it is drained or paused." },
  { expression: 'swarm_farm_node_active{node="$node"}' },
);

const uptime = number(
  { title: "Uptime", description: "The time since the node was started.", unit: "dtdurations" },
  { expression: ofNode("node_time_seconds - node_boot_time_seconds") },
);

const killed = number(
  {
    title: "Killed for memory",
    description: "Processes that the kernel killed within an hour, since memory was short.",
    red: { from: 1 },
  },
  { expression: ofNode("increase(node_vmstat_oom_kill[1h])") },
);

const cpu = graph(
  {
    title: "CPU",
    description: "The share of its CPUs in each mode, without idle.",
    unit: share,
    stacked: true,
    max: 1,
  },
  {
    expression: ofNode(`${cpuModes('{mode!="idle"}', "instance, mode")} / on (instance) group_left () ${cpuModes()}`),
    legend: "{{mode}}",
  },
);

const load = graph(
  { title: "Load", description: "Processes that run or wait for a CPU or disk, and how many CPUs there are." },
  { expression: ofNode("node_load1"), legend: "1 min" },
  { expression: ofNode("node_load15"), legend: "15 min" },
  { expression: ofNode('count by (instance) (node_cpu_seconds_total{mode="idle"})'), legend: "CPUs" },
);

const memoryInUse = graph(
  { title: "Memory", description: "Memory in use, and how much there is.", unit: "bytes" },
  { expression: ofNode("node_memory_MemTotal_bytes - node_memory_MemAvailable_bytes"), legend: "in use" },
  { expression: ofNode("node_memory_MemTotal_bytes"), legend: "memory" },
);

const disks = graph(
  { title: "Disks", description: "The share of each disk that is in use.", unit: share, max: 1 },
  { expression: ofNode(`1 - ${freeShare(ofNodes)}`), legend: "{{mountpoint}}" },
);

const diskTraffic = graph(
  { title: "Disk traffic", description: "Bytes that its disks read and write each second.", unit: "binBps" },
  { expression: ofNode(`rate(node_disk_read_bytes_total${window})`), legend: "{{device}} read" },
  { expression: ofNode(`rate(node_disk_written_bytes_total${window})`), legend: "{{device}} written" },
);

const diskBusy = graph(
  { title: "Disks busy", description: "The share of time in which a disk had work to do.", unit: share, max: 1 },
  { expression: ofNode(`rate(node_disk_io_time_seconds_total${window})`), legend: "{{device}}" },
);

const servicesCpu = graph(
  { title: "CPU by service", description: "CPUs that a service's tasks on this node use.", stacked: true },
  { expression: `sum by (${byService}) (${onNode(cpus())})`, legend: `{{${byService}}}` },
);

const servicesMemory = graph(
  {
    title: "Memory by service",
    description: "Memory that a service's tasks on this node use.",
    unit: "bytes",
    stacked: true,
  },
  { expression: `sum by (${byService}) (${onNode(memory())})`, legend: `{{${byService}}}` },
);

const clock = graph(
  {
    title: "Clock",
    description: "How far its clock is from that of Prometheus' node; up to the length of a scrape is no error.",
    unit: "s",
  },
  { expression: ofNode("abs(node_time_seconds - timestamp(node_time_seconds))"), legend: "difference" },
);
