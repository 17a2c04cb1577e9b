import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { farmAlerts } from "../../../stacks/monitoring/alerts/alerts";
import { rulesFile } from "../../../stacks/monitoring/alerts/rules-file";
import { expectAlerts, expectPassing, of, seriesOf, type AlertCase } from "../../support/alert-cases";
import { promtool } from "../../support/prometheus";

const uname = 'node_uname_info{job="monitoring-nodes", instance="10.0.1.5:9100", nodename="worker1"}';
const disk = (of: string, mountpoint = "/") =>
  `node_filesystem_${of}_bytes{job="monitoring-nodes", instance="10.0.1.5:9100", mountpoint="${mountpoint}", fstype="ext4", device="/dev/vda"}`;
const manager = (name: string) => `swarm_farm_manager_reachable{node="${name}"}`;
const service = (what: string) => `swarm_farm_service_${what}{service="web"}`;
const onNode = { job: "monitoring-nodes", node: "worker1", nodename: "worker1", instance: "10.0.1.5:9100" };
const onDisk = { ...onNode, mountpoint: "/", fstype: "ext4", device: "/dev/vda" };
const requests = (code: string) => `swarm_farm_requests_total{route="shop", code="${code}"}`;

/** For each alert what fires it, and what is nearly the same and does not. */
const cases: Readonly<Record<string, AlertCase>> = {
  NodeDown: {
    series: { 'swarm_farm_node_ready{node="worker1", role="worker"}': "1 1 0x10" },
    minutes: 4,
    labels: { node: "worker1", role: "worker" },
    summary: "node worker1 is down; its tasks run elsewhere, except those with data on it",
    quiet: { 'swarm_farm_node_ready{node="worker1", role="worker"}': "1 1 1 1 0x10" },
  },
  QuorumAtRisk: {
    series: { [manager("m1")]: of(9, "1"), [manager("m2")]: of(9, "1"), [manager("m3")]: of(9, "0") },
    minutes: 2,
    summary: "only 2 managers are reachable: one more, and the swarm can change nothing",
    quiet: Object.fromEntries(["1", "1", "1", "1", "0"].map((value, at) => [manager(`m${String(at)}`), of(9, value)])),
  },
  SwarmUnreachable: {
    series: { swarm_farm_swarm_up: of(9, "0") },
    minutes: 5,
    summary: "no manager says what the swarm is: it has no leader, or the exporter on a manager is gone; tasks go on",
    quiet: { swarm_farm_swarm_up: of(9, "1") },
  },
  DiskNearlyFull: {
    series: { [disk("avail")]: of(20, "14"), [disk("size")]: of(20, "100"), [uname]: of(20, "1") },
    minutes: 12,
    labels: onDisk,
    summary: "node worker1 has 14% of / free",
    quiet: { [disk("avail")]: of(20, "15"), [disk("size")]: of(20, "100"), [uname]: of(20, "1") },
  },
  DiskFull: {
    series: { [disk("avail")]: of(9, "4"), [disk("size")]: of(9, "100"), [uname]: of(9, "1") },
    minutes: 2,
    labels: onDisk,
    summary: "node worker1 has 4% of / free: tasks will fail",
    quiet: { [disk("avail", "/boot/efi")]: of(9, "4"), [disk("size", "/boot/efi")]: of(9, "100"), [uname]: of(9, "1") },
  },
  MemoryShort: {
    series: {
      'node_memory_MemAvailable_bytes{job="monitoring-nodes", instance="10.0.1.5:9100"}': of(20, "90"),
      'node_memory_MemTotal_bytes{job="monitoring-nodes", instance="10.0.1.5:9100"}': of(20, "1000"),
      [uname]: of(20, "1"),
    },
    minutes: 12,
    labels: onNode,
    summary: "node worker1 has 9% of its memory available",
    quiet: {
      'node_memory_MemAvailable_bytes{job="monitoring-nodes", instance="10.0.1.5:9100"}': of(20, "110"),
      'node_memory_MemTotal_bytes{job="monitoring-nodes", instance="10.0.1.5:9100"}': of(20, "1000"),
      [uname]: of(20, "1"),
    },
  },
  ClockWrong: {
    // promtool's time begins at 0.
    series: { 'node_time_seconds{job="monitoring-nodes", instance="10.0.1.5:9100"}': "40+60x20", [uname]: of(20, "1") },
    minutes: 7,
    labels: onNode,
    summary: "the clock of node worker1 differs by 40s from that of Prometheus' node",
    quiet: { 'node_time_seconds{job="monitoring-nodes", instance="10.0.1.5:9100"}': "9+60x20", [uname]: of(20, "1") },
  },
  ServiceShortOfTasks: {
    series: { [service("running_tasks")]: of(9, "1"), [service("desired_tasks")]: of(9, "3") },
    minutes: 6,
    labels: { service: "web" },
    summary: "service web has 1 running tasks, which is less than it should have",
    quiet: { [service("running_tasks")]: "1 1 1 1 3x9", [service("desired_tasks")]: of(9, "3") },
  },
  UpdateRolledBack: {
    series: { [service("update_failed")]: of(2, "1") },
    minutes: 1,
    labels: { service: "web" },
    summary: "the last update of service web failed: it was rolled back, or stopped halfway",
    quiet: { [service("update_failed")]: of(2, "0") },
  },
  TasksRestart: {
    series: { [service("failed_tasks")]: of(9, "3") },
    minutes: 3,
    labels: { service: "web" },
    summary: "3 tasks of service web failed within ten minutes, and Swarm starts others",
    quiet: { [service("failed_tasks")]: of(9, "2") },
  },
  ScalerAtMaximum: {
    series: {
      [service("desired_tasks")]: of(20, "8"),
      [service("max_replicas")]: of(20, "8"),
      [service("running_tasks")]: of(20, "8"),
    },
    minutes: 16,
    labels: { service: "web" },
    summary: "service web has 8 tasks, the most that its policy allows",
    quiet: {
      [service("desired_tasks")]: of(20, "7"),
      [service("max_replicas")]: of(20, "8"),
      [service("running_tasks")]: of(20, "7"),
    },
  },
  RouteFailing: {
    series: { 'probe_success{route="shop", instance="https://loadbalancer:8443/shop/"}': of(9, "0") },
    minutes: 3,
    labels: { route: "shop", instance: "https://loadbalancer:8443/shop/" },
    summary: "route shop does not answer, or with an error of its server",
    quiet: { 'probe_success{route="shop", instance="https://loadbalancer:8443/shop/"}': "0 1 0 1 0x9" },
  },
  RouteErrors: {
    series: { [requests("5xx")]: "0+6x20", [requests("2xx")]: "0+54x20" },
    minutes: 12,
    labels: { route: "shop" },
    summary: "10% of requests to route shop end with an error of its server",
    quiet: { [requests("5xx")]: "0+2x20", [requests("2xx")]: "0+58x20" },
  },
  CertificateExpires: {
    series: { 'probe_ssl_earliest_cert_expiry{route="shop"}': of(2, String(13 * 86_400)) },
    minutes: 0,
    summary: "the load balancer's certificate expires in 13d 0h 0m 0s",
    quiet: { 'probe_ssl_earliest_cert_expiry{route="shop"}': of(2, String(15 * 86_400)) },
  },
  TargetDown: {
    series: { 'up{job="shop_web", instance="10.0.1.9:80"}': of(9, "0") },
    minutes: 6,
    labels: { job: "shop_web", instance: "10.0.1.9:80" },
    summary: "shop_web at 10.0.1.9:80 gives no metrics, or more than a target may",
    quiet: { 'up{job="shop_web", instance="10.0.1.9:80"}': "0 0 0 1 0x9" },
  },
  AlertsNotDelivered: {
    series: { 'alertmanager_notifications_failed_total{integration="email"}': "0+1x9" },
    minutes: 5,
    labels: { integration: "email" },
    summary: "alerts could not be delivered by email",
    quiet: { 'alertmanager_notifications_failed_total{integration="email"}': of(9, "3") },
  },
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "rules-"));
  writeFileSync(join(folder, "rules.yml"), JSON.stringify(rulesFile(farmAlerts)));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const withPromtool = promtool === undefined ? test.skip : test;

test("every alert has a case here, and nothing else has", () => {
  expect(Object.keys(cases)).toEqual(farmAlerts.map(({ name }) => name));
});

withPromtool("promtool accepts the rules", () => {
  const { status, stderr } = spawnSync(promtool ?? "", ["check", "rules", join(folder, "rules.yml")], {
    encoding: "utf8",
  });
  expect([status, stderr]).toEqual([0, ""]);
});

withPromtool("every alert fires with its text and labels, and stays quiet on what is nearly the same", () => {
  expectAlerts(farmAlerts, cases);
});

withPromtool("a swarm of which nothing is known is unreachable, also if its exporter is gone", () => {
  const fires = [{ exp_labels: { severity: "critical" }, exp_annotations: annotationsOf("SwarmUnreachable") }];
  const none = { alertname: "SwarmUnreachable", eval_time: "4m", exp_alerts: fires };
  const tests = [{ interval: "1m", input_series: seriesOf({ up: "1x9" }), alert_rule_test: [none] }];
  expectPassing(farmAlerts, tests);
});

function annotationsOf(name: string) {
  const alert = farmAlerts.find((each) => each.name === name);
  return { summary: alert?.summary, action: alert?.action, page: `docs/${alert?.page ?? ""}` };
}
