import { farmAlerts } from "../../../stacks/monitoring/alerts/alerts";
import { hostAlerts } from "../../../stacks/monitoring/alerts/hosts";
import { services } from "../../../stacks/monitoring/services";
import { expectAlerts, expectPassing, of, seriesOf, type AlertCase } from "../../support/alert-cases";
import { promtool } from "../../support/prometheus";

const left = 'kind="hypervisor", job="left", instance="192.168.1.10:9100"';
const onLeft = { kind: "hypervisor", job: "left", instance: "192.168.1.10:9100" };
const disk = (what: string, labels = left, mountpoint = "/var/lib/libvirt/images") =>
  `node_filesystem_${what}_bytes{${labels}, mountpoint="${mountpoint}", fstype="ext4", device="/dev/sda1"}`;

const cases: Readonly<Record<string, AlertCase>> = {
  HostDown: {
    series: { [`up{${left}}`]: of(9, "0") },
    minutes: 3,
    labels: onLeft,
    summary: "hypervisor left gives no metrics at 192.168.1.10:9100: it is down, or not reached",
    quiet: { [`up{${left}}`]: "0 0 1 0 0x9" },
  },
  HostDiskFull: {
    series: { [disk("avail")]: of(9, "4"), [disk("size")]: of(9, "100") },
    minutes: 6,
    labels: { ...onLeft, mountpoint: "/var/lib/libvirt/images", fstype: "ext4", device: "/dev/sda1" },
    summary: "hypervisor left has 4% of /var/lib/libvirt/images free: a VM that writes will be paused",
    quiet: {
      [disk("avail")]: of(9, "5"),
      [disk("size")]: of(9, "100"),
      [disk("avail", left, "/boot/efi")]: of(9, "1"),
      [disk("size", left, "/boot/efi")]: of(9, "100"),
    },
  },
};

const withPromtool = promtool === undefined ? test.skip : test;

withPromtool("every alert about hosts fires, and what is nearly the same does not", () => {
  expect(hostAlerts.map(({ name }) => name)).toEqual(Object.keys(cases));
  expectAlerts(hostAlerts, cases);
});

withPromtool(
  "a host or another machine with a node exporter fires no alert of nodes, and a host that is down no TargetDown",
  () => {
    const nas = 'kind="other", job="nas", instance="192.168.1.20:9100"';
    const series = [left, nas].flatMap((labels): [string, string][] => [
      [`up{${labels}}`, labels === left ? of(30, "0") : of(30, "1")],
      [disk("avail", labels, "/"), of(30, "1")],
      [disk("size", labels, "/"), of(30, "100")],
      [`node_memory_MemAvailable_bytes{${labels}}`, of(30, "1")],
      [`node_memory_MemTotal_bytes{${labels}}`, of(30, "100")],
      [`node_time_seconds{${labels}}`, "5000+60x30"],
      [`node_uname_info{${labels}, nodename="machine"}`, of(30, "1")],
    ]);
    const names = ["TargetDown", "DiskNearlyFull", "DiskFull", "MemoryShort", "ClockWrong"];
    expectPassing(farmAlerts, [
      {
        interval: "1m",
        input_series: seriesOf(Object.fromEntries(series)),
        alert_rule_test: names.map((alertname) => ({ alertname, eval_time: "20m", exp_alerts: [] })),
      },
    ]);
  },
);

withPromtool("another target that is down is TargetDown, with where to look", () => {
  const labels = { kind: "other", job: "nas", instance: "192.168.1.20:9100" };
  const { summary, action = "", page = "" } = farmAlerts.find(({ name }) => name === "TargetDown") ?? {};
  expect(summary).toContain("$labels.job");
  const exp_annotations = {
    summary: "nas at 192.168.1.20:9100 gives no metrics, or more than a target may",
    action: action.replaceAll("{{ $labels.job }}", "nas"),
    page: `docs/${page}`,
  };
  const exp_alerts = [{ exp_labels: { severity: "warning", ...labels }, exp_annotations }];
  expectPassing(farmAlerts, [
    {
      interval: "1m",
      input_series: seriesOf({ 'up{kind="other", job="nas", instance="192.168.1.20:9100"}': of(9, "0") }),
      alert_rule_test: [{ alertname: "TargetDown", eval_time: "6m", exp_alerts }],
    },
  ]);
});

test("alerts of nodes are about the node exporters of nodes", () => {
  const ofNodes = farmAlerts.filter(({ expression }) => /\bnode_(filesystem|memory|time)_/.test(expression));
  expect(ofNodes).toHaveLength(4);
  for (const { expression } of ofNodes)
    for (const [, matchers] of expression.matchAll(/node_(?:filesystem|memory|time)_\w+\{([^}]*)\}/g))
      expect(matchers).toContain(`job="${services.nodes.name}"`);
});
