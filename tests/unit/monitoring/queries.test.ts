import { dashboards } from "../../../stacks/monitoring/grafana/dashboards/index";
import { expectPassing, of, seriesOf } from "../../support/alert-cases";
import { filledIn, queriesOf } from "../../support/dashboard-queries";
import { promtool } from "../../support/prometheus";

const all = dashboards({
  scrapeSeconds: 30,
  hasRequests: true,
  hasProbes: true,
  hasBackups: true,
  logStore: "logs-store",
});
const queries = queriesOf(all);

const swarm = "container_label_com_docker_swarm";
const container = (metric: string, service: string, task: string, nodeId: string) =>
  `container_${metric}{name="${task}", ${swarm}_service_name="${service}", ${swarm}_node_id="${nodeId}", instance="10.0.1.${nodeId}"}`;
const node = (metric: string, name: string, id: string) =>
  `swarm_farm_node_${metric}{node="${name}", node_id="${id}", role="worker"}`;
const onHost = (metric: string, host: string, more = "") => `node_${metric}{instance="${host}:9100"${more}}`;
const uname = (host: string, name: string) =>
  `node_uname_info{job="monitoring-nodes", instance="${host}:9100", nodename="${name}"}`;
const requests = (route: string, code: string) => `swarm_farm_requests_total{route="${route}", code="${code}"}`;
const tasks = (metric: string, service: string) => `swarm_farm_service_${metric}{service="${service}"}`;
const probe = (metric: string, route: string) => `probe_${metric}{route="${route}"}`;

/** Two nodes, of which one is drained, with three tasks of two services. */
const containers = (metric: string, values: readonly [string, string, string]) => ({
  [node("active", "worker1", "n1")]: of(30, "1"),
  [node("active", "worker2", "n2")]: of(30, "0"),
  [container(metric, "web", "web.1", "n1")]: values[0],
  [container(metric, "web", "web.2", "n2")]: values[1],
  [container(metric, "db", "db.1", "n1")]: values[2],
});

/** Two nodes' exporters. */
const hosts = { [uname("a", "worker1")]: of(30, "1"), [uname("b", "worker2")]: of(30, "1") };

/** The results of a panel's query, with the labels that tell them apart. */
interface QueryCase {
  readonly at: string;
  /** Which of the panel's queries. Default: the first. */
  readonly query?: number;
  readonly series: Readonly<Record<string, string>>;
  readonly results: readonly (readonly [labels: string, value: number])[];
}

const cases: readonly QueryCase[] = [
  {
    at: "Farm: Nodes down",
    series: { [node("ready", "worker1", "n1")]: of(30, "1"), [node("ready", "worker2", "n2")]: of(30, "0") },
    results: [["{}", 1]],
  },
  {
    at: "Farm: Services short of tasks",
    series: {
      [tasks("running_tasks", "web")]: of(30, "1"),
      [tasks("desired_tasks", "web")]: of(30, "2"),
      [tasks("running_tasks", "db")]: of(30, "1"),
      [tasks("desired_tasks", "db")]: of(30, "1"),
    },
    results: [["{}", 1]],
  },
  { at: "Farm: Alerts", series: { up: of(30, "1") }, results: [["{}", 0]] },
  {
    at: "Farm: Alerts",
    series: {
      'ALERTS{alertname="A", alertstate="firing"}': of(30, "1"),
      'ALERTS{alertname="B", alertstate="pending"}': of(30, "1"),
    },
    results: [["{}", 1]],
  },
  {
    at: "Farm: Routes down",
    series: { [probe("success", "web")]: of(30, "1"), [probe("success", "api")]: of(30, "0") },
    results: [["{}", 1]],
  },
  {
    at: "Farm: CPU by node",
    series: {
      ...hosts,
      // A minute between two samples: one CPU is idle for half of it, the other for all.
      [onHost("cpu_seconds_total", "a", ', cpu="0", mode="idle"')]: "0+30x30",
      [onHost("cpu_seconds_total", "a", ', cpu="1", mode="idle"')]: "0+60x30",
      [onHost("cpu_seconds_total", "b", ', cpu="0", mode="idle"')]: "0+60x30",
      [onHost("cpu_seconds_total", "a", ', cpu="0", mode="user"')]: "0+30x30",
    },
    results: [
      ['{instance="a:9100", nodename="worker1"}', 0.25],
      ['{instance="b:9100", nodename="worker2"}', 0],
    ],
  },
  {
    at: "Farm: Disk by node",
    series: {
      [uname("a", "worker1")]: of(30, "1"),
      ...Object.fromEntries(
        [
          ["/", "ext4", "60", "100"],
          ["/data", "ext4", "25", "100"],
          ["/run", "tmpfs", "1", "100"],
          ["/boot/efi", "vfat", "1", "100"],
        ].flatMap(([mountpoint = "", fstype = "", free = "", size = ""]) => {
          const on = `, job="monitoring-nodes", mountpoint="${mountpoint}", fstype="${fstype}"`;
          return [
            [onHost("filesystem_avail_bytes", "a", on), of(30, free)],
            [onHost("filesystem_size_bytes", "a", on), of(30, size)],
          ];
        }),
      ),
    },
    results: [['{instance="a:9100", nodename="worker1"}', 0.75]],
  },
  {
    at: "Farm: Age of backups",
    series: {
      'swarm_farm_backup_last_success_timestamp_seconds{node="worker1"}': of(30, "600"),
      // None yet.
      'swarm_farm_backup_last_success_timestamp_seconds{node="worker2"}': of(30, "0"),
    },
    results: [['{node="worker1"}', 600]],
  },
  {
    at: "Farm: Memory by service",
    series: containers("memory_working_set_bytes", [of(30, "10"), of(30, "20"), of(30, "5")]),
    results: [
      [`{${swarm}_service_name="web"}`, 30],
      [`{${swarm}_service_name="db"}`, 5],
    ],
  },
  {
    at: "Node: Memory by service",
    series: containers("memory_working_set_bytes", [of(30, "10"), of(30, "20"), of(30, "5")]),
    results: [
      [`{${swarm}_service_name="web"}`, 10],
      [`{${swarm}_service_name="db"}`, 5],
    ],
  },
  {
    at: "Node: CPU by service",
    series: containers("cpu_usage_seconds_total", ["0+30x30", "0+60x30", "0+6x30"]),
    results: [
      [`{${swarm}_service_name="web"}`, 0.5],
      [`{${swarm}_service_name="db"}`, 0.1],
    ],
  },
  {
    at: "Node: Memory",
    series: {
      ...hosts,
      [onHost("memory_MemTotal_bytes", "a")]: of(30, "100"),
      [onHost("memory_MemAvailable_bytes", "a")]: of(30, "40"),
      [onHost("memory_MemTotal_bytes", "b")]: of(30, "100"),
      [onHost("memory_MemAvailable_bytes", "b")]: of(30, "50"),
    },
    results: [['{instance="a:9100"}', 60]],
  },
  {
    at: "Node: Uptime",
    series: {
      ...hosts,
      [onHost("time_seconds", "a")]: of(30, "900"),
      [onHost("boot_time_seconds", "a")]: of(30, "100"),
    },
    results: [['{instance="a:9100"}', 800]],
  },
  {
    at: "Node: Killed for memory",
    series: { ...hosts, [onHost("vmstat_oom_kill", "a")]: of(30, "3"), [onHost("vmstat_oom_kill", "b")]: "0+1x30" },
    results: [['{instance="a:9100"}', 0]],
  },
  {
    at: "Service: Tasks by node",
    series: containers("last_seen", [of(30, "1000"), of(30, "0"), of(30, "1000")]),
    results: [
      ['{node="worker1"}', 1],
      ['{node="worker2"}', 1],
    ],
  },
  {
    at: "Service: Tasks",
    query: 2,
    series: { [tasks("desired_tasks", "web")]: of(30, "2"), [tasks("max_replicas", "db")]: of(30, "8") },
    results: [['swarm_farm_service_desired_tasks{service="web"}', 2]],
  },
  {
    at: "Service: Tasks",
    query: 2,
    series: { [tasks("desired_tasks", "web")]: of(30, "2"), [tasks("max_replicas", "web")]: of(30, "8") },
    results: [['swarm_farm_service_max_replicas{service="web"}', 8]],
  },
  {
    at: "Service: Missing tasks",
    series: { [tasks("desired_tasks", "web")]: of(30, "5"), [tasks("running_tasks", "web")]: of(30, "3") },
    results: [['{service="web"}', 2]],
  },
  {
    at: "Route: Server errors",
    series: {
      [requests("web", "2xx")]: "0+54x30",
      [requests("web", "5xx")]: "0+6x30",
      [requests("api", "5xx")]: "0+60x30",
    },
    results: [["{}", 0.1]],
  },
  {
    at: "Route: Available",
    series: { [probe("success", "web")]: "1x14 0x4", [probe("success", "api")]: of(30, "0") },
    results: [['{route="web"}', 0.75]],
  },
  {
    at: "Route: Certificate",
    series: { [probe("ssl_earliest_cert_expiry", "web")]: of(30, "87600") },
    results: [['{route="web"}', 86_400]],
  },
];

(promtool === undefined ? test.skip : test)("panels show what their titles say", () => {
  const chosen = { node: "worker1", service: "web", route: "web" };
  const tests = cases.map(({ at, query = 0, series, results }) => {
    const { expression } = queries.filter((each) => each.at === at)[query] ?? { expression: "" };
    expect([at, expression]).not.toEqual([at, ""]);
    return {
      interval: "1m",
      input_series: seriesOf(series),
      promql_expr_test: [
        {
          expr: filledIn(expression, chosen),
          eval_time: "20m",
          exp_samples: results.map(([labels, value]) => ({ labels, value })),
        },
      ],
    };
  });
  expectPassing([], tests);
});
