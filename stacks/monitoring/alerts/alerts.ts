import { leastFreePercent } from "../../../infra/config/free-disk";
import type { Alert } from "../../contract/entries";
import { freeShare } from "../base/disks";
import { ofNodes } from "../base/nodes";
import { hypervisor } from "./hosts";

/** The days before a certificate's expiry: `up` and `doctor` warn earlier, and renewal by ACME is over long before. */
const certificateDays = 14;

const repair = "how-to/repair.md";
const here = "how-to/monitoring.md#alerts";

/** A result of node exporters, with the node's name as `node`. */
function onNode(expression: string): string {
  const named = `(${expression}) * on (instance) group_left (nodename) node_uname_info`;
  return `label_replace(${named}, "node", "$1", "nodename", "(.*)")`;
}

const free = freeShare(ofNodes);
const reachable = "sum(swarm_farm_manager_reachable)";
const managers = "count(swarm_farm_manager_reachable)";

/** Alerts about nodes and the swarm. */
const nodeAlerts: readonly Alert[] = [
  {
    name: "NodeDown",
    expression: "swarm_farm_node_ready == 0",
    forSeconds: 60,
    severity: "critical",
    summary: "node {{ $labels.node }} is down; its tasks run elsewhere, except those with data on it",
    action: "./farm doctor says whether its VM runs; ./farm up --refresh starts a VM that is off",
    page: repair,
  },
  {
    name: "QuorumAtRisk",
    // Both numbers in one result: so it has a value and no labels.
    expression: `${reachable} < ${managers} and ${reachable} <= floor(${managers} / 2) + 1`,
    forSeconds: 60,
    severity: "critical",
    summary: "only {{ $value }} managers are reachable: one more, and the swarm can change nothing",
    action: "bring the lost manager back, or replace it by ./farm up, before anything else",
    page: "how-to/managers.md",
  },
  {
    name: "SwarmUnreachable",
    expression: "swarm_farm_swarm_up == 0 or absent(swarm_farm_swarm_up)",
    forSeconds: 180,
    severity: "critical",
    summary: "no manager says what the swarm is: it has no leader, or the exporter on a manager is gone; tasks go on",
    action: "./farm doctor; without a quorum, ./farm recover",
    page: "how-to/managers.md",
  },
  {
    name: "DiskNearlyFull",
    expression: onNode(`${free} < ${String(leastFreePercent / 100)}`),
    forSeconds: 600,
    severity: "warning",
    summary: "node {{ $labels.node }} has {{ $value | humanizePercentage }} of {{ $labels.mountpoint }} free",
    action: "./farm ssh {{ $labels.node }} docker system df shows what takes it",
    page: "how-to/disks.md",
  },
  {
    name: "DiskFull",
    expression: onNode(`${free} < 0.05`),
    forSeconds: 60,
    severity: "critical",
    summary:
      "node {{ $labels.node }} has {{ $value | humanizePercentage }} of {{ $labels.mountpoint }} free: tasks will fail",
    action: "./farm ssh {{ $labels.node }} docker image prune -af removes images that no container has",
    page: "how-to/disks.md",
  },
  {
    name: "MemoryShort",
    expression: onNode(`node_memory_MemAvailable_bytes{${ofNodes}} / node_memory_MemTotal_bytes{${ofNodes}} < 0.1`),
    forSeconds: 600,
    severity: "warning",
    summary: "node {{ $labels.node }} has {{ $value | humanizePercentage }} of its memory available",
    action:
      "./farm ssh {{ $labels.node }} docker stats --no-stream shows what takes it; raise nodes.{{ $labels.node }}.memoryMiB",
    page: "how-to/nodes.md",
  },
  {
    name: "ClockWrong",
    // A scrape of a busy emulated node takes up to 9 s.
    expression: onNode(`abs(node_time_seconds{${ofNodes}} - timestamp(node_time_seconds{${ofNodes}})) > 10`),
    forSeconds: 300,
    severity: "warning",
    summary:
      "the clock of node {{ $labels.node }} differs by {{ $value | humanizeDuration }} from that of Prometheus' node",
    action:
      "./farm ssh {{ $labels.node }} systemctl restart chrony; if all nodes have this alert, the wrong clock is that of Prometheus' node",
    page: repair,
  },
];

/** Alerts about services. */
const ofServices: readonly Alert[] = [
  {
    name: "ServiceShortOfTasks",
    expression: "swarm_farm_service_running_tasks < swarm_farm_service_desired_tasks",
    forSeconds: 300,
    severity: "critical",
    summary: "service {{ $labels.service }} has {{ $value }} running tasks, which is less than it should have",
    action: "./farm docker service ps --no-trunc {{ $labels.service }} says why",
    page: repair,
  },
  {
    name: "UpdateRolledBack",
    expression: "swarm_farm_service_update_failed == 1",
    severity: "warning",
    summary: "the last update of service {{ $labels.service }} failed: it was rolled back, or stopped halfway",
    action: "./farm docker service ps --no-trunc {{ $labels.service }} says why; correct it, and ./farm up",
    page: repair,
  },
  {
    name: "TasksRestart",
    expression: "swarm_farm_service_failed_tasks >= 3",
    forSeconds: 120,
    severity: "warning",
    summary: "{{ $value }} tasks of service {{ $labels.service }} failed within ten minutes, and Swarm starts others",
    action: "./farm docker service logs --tail 50 {{ $labels.service }} has their last words",
    page: repair,
  },
  {
    name: "ScalerAtMaximum",
    expression: "swarm_farm_service_desired_tasks >= swarm_farm_service_max_replicas",
    forSeconds: 900,
    severity: "warning",
    summary: "service {{ $labels.service }} has {{ $value }} tasks, the most that its policy allows",
    action: "raise autoscale.max of the service if its nodes have room, or add a node",
    page: "how-to/scale.md",
  },
];

/** Alerts about routes and their certificate. */
const ofRoutes: readonly Alert[] = [
  {
    name: "RouteFailing",
    expression: "probe_success == 0",
    forSeconds: 120,
    severity: "critical",
    summary: "route {{ $labels.route }} does not answer, or with an error of its server",
    action: "./farm docker service ps --no-trunc loadbalancer, and the same for the service behind the route",
    page: repair,
  },
  {
    name: "RouteErrors",
    expression:
      'sum by (route) (rate(swarm_farm_requests_total{code="5xx"}[5m])) / sum by (route) (rate(swarm_farm_requests_total[5m])) > 0.05',
    forSeconds: 300,
    severity: "warning",
    summary:
      "{{ $value | humanizePercentage }} of requests to route {{ $labels.route }} end with an error of its server",
    action: "./farm docker service logs --tail 50 of the service behind the route",
    page: repair,
  },
  {
    name: "CertificateExpires",
    expression: `min(probe_ssl_earliest_cert_expiry) - time() < ${String(certificateDays * 86_400)}`,
    severity: "warning",
    summary: "the load balancer's certificate expires in {{ $value | humanizeDuration }}",
    action: "./farm up renews one of the farm's CA; one of your own is a file of loadbalancer.certificate",
    page: "how-to/certificates.md",
  },
];

/** Alerts about the monitoring itself. */
const ofMonitoring: readonly Alert[] = [
  {
    name: "TargetDown",
    expression: `up{${hypervisor.replace("=", "!=")}} == 0`,
    forSeconds: 300,
    severity: "warning",
    summary: "{{ $labels.job }} at {{ $labels.instance }} gives no metrics, or more than a target may",
    action:
      "lastError of /monitoring/api/v1/targets has the reason; of a service, ./farm docker service ps --no-trunc {{ $labels.job }} too",
    page: here,
  },
  {
    name: "AlertsNotDelivered",
    expression: "sum by (integration) (increase(alertmanager_notifications_failed_total[10m])) > 0",
    severity: "warning",
    summary: "alerts could not be delivered by {{ $labels.integration }}",
    action:
      "./farm docker service logs --tail 50 monitoring-alertmanager says why; nodes need a way out, network.egress",
    page: here,
  },
];

/** The alerts of every farm with `monitoring`: few, each with what to do. */
export const farmAlerts: readonly Alert[] = [...nodeAlerts, ...ofServices, ...ofRoutes, ...ofMonitoring];
