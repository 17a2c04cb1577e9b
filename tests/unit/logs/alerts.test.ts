import { logAlerts } from "../../../stacks/logs/alerts";
import { expectAlerts, of, type AlertCase } from "../../support/alert-cases";
import { promtool } from "../../support/prometheus";

const pending = (instance: string) =>
  `vlagent_remotewrite_pending_data_bytes{instance="${instance}", url="1:secret-url"}`;
const readOnly = 'vl_storage_is_read_only{instance="10.0.1.7:9428", path="/var/lib/victoria-logs"}';
const refused = 'vl_http_errors_total{instance="10.0.1.7:9428", path="/insert/journald/upload"}';
const MiB = 1024 ** 2;

const cases: Readonly<Record<string, AlertCase>> = {
  LogsWait: {
    series: { [pending("a")]: of(30, String(10 * MiB)), [pending("b")]: of(30, String(8 * MiB)) },
    minutes: 16,
    summary: "18MiB of logs wait on the nodes: the store does not take them",
    quiet: { [pending("a")]: of(30, String(10 * MiB)), [pending("b")]: of(30, String(5 * MiB)) },
  },
  LogsNotTaken: {
    series: { [readOnly]: of(10, "1") },
    minutes: 6,
    labels: { instance: "10.0.1.7:9428", path: "/var/lib/victoria-logs" },
    summary: "the disk of the logs is full: the store takes nothing more",
    quiet: { [readOnly]: "1x4 0x10" },
  },
  JournalsRefused: {
    series: { [refused]: "0+1x30" },
    minutes: 20,
    labels: { instance: "10.0.1.7:9428", path: "/insert/journald/upload" },
    summary: "the store of the logs refuses a node's journal, 15 times in 15 minutes",
    quiet: { [refused]: "0+1x3 3x30", 'vl_http_errors_total{path="/insert/native"}': "0+1x30" },
  },
};

test("every alert has a case here, and nothing else has", () => {
  expect(Object.keys(cases)).toEqual(logAlerts.map(({ name }) => name));
});

(promtool === undefined ? test.skip : test)(
  "alerts fire on logs that are not stored, with text and labels, and stay quiet on what is nearly the same",
  () => {
    expectAlerts(logAlerts, cases);
  },
);
