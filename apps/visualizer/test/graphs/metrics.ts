/** A metric's samples of one moment. */
interface Metric {
  readonly name: string;
  /** Counters grow by their value each second. */
  readonly kind: "gauge" | "counter";
  readonly samples: readonly (readonly [labels: Readonly<Record<string, string>>, value: number])[];
}

/** Ids of the swarm's two nodes, as Docker makes them. */
export const nodeIds = { manager1: "a1b2c3d4e5f6g7h8i9j0k1l2m", worker1: "z9y8x7w6v5u4t3s2r1q0p9o8n" } as const;
const nodes = [
  { instance: "10.0.5.3:9100", nodename: "manager1", id: nodeIds.manager1 },
  { instance: "10.0.5.4:9100", nodename: "worker1", id: nodeIds.worker1 },
];
const taskId = "q1w2e3r4t5z6u7i8o9p0a1s2d";
const containers = [
  { service: "shop_web", task: "shop_web.1", node: nodeIds.manager1 },
  { service: "shop_web", task: "shop_web.2", node: nodeIds.worker1 },
  { service: "agent", task: `agent.${nodeIds.worker1}`, node: nodeIds.worker1 },
].map(({ service, task, node }) => ({
  name: `${task}.${taskId}`,
  container_label_com_docker_swarm_service_name: service,
  container_label_com_docker_swarm_task_name: `${task}.${taskId}`,
  container_label_com_docker_swarm_node_id: node,
}));

const gauge = (name: string, ...samples: Metric["samples"]): Metric => ({ name, kind: "gauge", samples });
const counter = (name: string, ...samples: Metric["samples"]): Metric => ({ name, kind: "counter", samples });
const node = { job: "monitoring-nodes" };
const disk = (instance: string) => [
  { ...node, instance, device: "/dev/vda1", fstype: "ext4", mountpoint: "/" },
  { ...node, instance, device: "/dev/vdb", fstype: "ext4", mountpoint: "/srv" },
  { ...node, instance, device: "/dev/vda2", fstype: "vfat", mountpoint: "/boot/efi" },
  { ...node, instance, device: "tmpfs", fstype: "tmpfs", mountpoint: "/var/tmp" },
];
const gib = 1024 ** 3;
const services = [
  ["shop_web", 3, 2, 1],
  ["agent", 2, 2, 0],
] as const;

/** The metrics of a farm of two nodes, as far as graphs read them, with all labels that the exporters give. */
export const farmMetrics: readonly Metric[] = [
  gauge(
    "node_uname_info",
    ...nodes.map(
      ({ instance, nodename }) =>
        [{ ...node, instance, nodename, release: "6.12.0", sysname: "Linux", machine: "x86_64" }, 1] as const,
    ),
  ),
  counter(
    "node_cpu_seconds_total",
    ...nodes.flatMap(({ instance }) =>
      ["0", "1"].flatMap((cpu) =>
        Object.entries({ idle: 0.7, iowait: 0.05, system: 0.05, user: 0.2, steal: 0, nice: 0 }).map(
          ([mode, value]) => [{ ...node, instance, cpu, mode }, value] as const,
        ),
      ),
    ),
  ),
  gauge("node_memory_MemTotal_bytes", ...nodes.map(({ instance }) => [{ ...node, instance }, 2 * gib] as const)),
  gauge("node_memory_MemAvailable_bytes", ...nodes.map(({ instance }) => [{ ...node, instance }, 0.5 * gib] as const)),
  gauge(
    "node_filesystem_size_bytes",
    ...nodes.flatMap(({ instance }) => disk(instance).map((labels) => [labels, 10 * gib] as const)),
  ),
  gauge(
    "node_filesystem_avail_bytes",
    ...nodes.flatMap(({ instance }) => disk(instance).map((labels, i) => [labels, (4 - i) * gib] as const)),
  ),
  counter(
    "container_cpu_usage_seconds_total",
    ...containers.map((labels, i) => [{ job: "monitoring-exporter", ...labels }, 0.1 * (i + 1)] as const),
  ),
  gauge("container_memory_working_set_bytes", ...containers.map((labels, i) => [labels, (i + 1) * 1e7] as const)),
  gauge("container_spec_memory_limit_bytes", ...containers.map((labels) => [labels, 1e8] as const)),
  gauge("swarm_farm_service_desired_tasks", ...services.map(([service, desired]) => [{ service }, desired] as const)),
  gauge("swarm_farm_service_running_tasks", ...services.map(([service, , running]) => [{ service }, running] as const)),
  gauge("swarm_farm_service_failed_tasks", ...services.map(([service, , , failed]) => [{ service }, failed] as const)),
  counter(
    "swarm_farm_requests_total",
    ...["shop", "visualizer"].flatMap((route) =>
      Object.entries({ "2xx": 9, "3xx": 0, "4xx": 0.5, "5xx": route === "shop" ? 0.5 : 0 }).map(
        ([code, value]) => [{ route, code }, value] as const,
      ),
    ),
  ),
  gauge("probe_success", [{ job: "monitoring-probes", route: "shop", instance: "https://loadbalancer:443/shop/" }, 1]),
  gauge("probe_duration_seconds", [{ job: "monitoring-probes", route: "shop" }, 0.125]),
];

const quoted = (labels: Readonly<Record<string, string>>): string =>
  Object.entries(labels)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(",");

/** Samples in the OpenMetrics format, one for each scrape from `from` to `to`, in seconds. */
export function openMetrics(metrics: readonly Metric[], from: number, to: number, scrapeSeconds: number): string {
  const lines = metrics.flatMap(({ name, kind, samples }) => [
    `# TYPE ${kind === "counter" ? name.replace(/_total$/, "") : name} ${kind}`,
    ...samples.flatMap(([labels, value]) => {
      const at = Array.from(
        { length: Math.floor((to - from) / scrapeSeconds) + 1 },
        (_, i) => from + i * scrapeSeconds,
      );
      return at.map(
        (time) => `${name}{${quoted(labels)}} ${kind === "counter" ? 1000 + value * (time - from) : value} ${time}`,
      );
    }),
  ]);
  return [...lines, "# EOF", ""].join("\n");
}
