import { backupAlerts } from "../../../stacks/backups/alerts";
import { expectAlerts, of, type AlertCase } from "../../support/alert-cases";
import { promtool } from "../../support/prometheus";

const backup = (what: string, node = "worker1") =>
  `swarm_farm_backup_${what}{node="${node}", instance="10.0.1.5:9100"}`;
const backupOnNode = { node: "worker1", instance: "10.0.1.5:9100" };
/** promtool's time begins at 0. */
const backupAt = (second: number, node = "worker1") => ({
  [backup("last_success_timestamp_seconds", node)]: of(200, String(second)),
  [backup("limit_seconds", node)]: of(200, "10800"),
});

const cases: Readonly<Record<string, AlertCase>> = {
  BackupFailed: {
    series: { [backup("last_run_failed")]: of(2, "1") },
    minutes: 1,
    labels: backupOnNode,
    summary: "the last backup of node worker1 failed, or is without a volume or dump",
    quiet: { [backup("last_run_failed")]: of(2, "0") },
  },
  BackupTooOld: {
    series: backupAt(60),
    minutes: 182,
    labels: backupOnNode,
    summary: "node worker1 has no whole backup since 3h 1m 0s",
    // A first run that failed has no success.
    quiet: { ...backupAt(300), ...backupAt(0, "worker2") },
  },
};

test("every alert has a case here, and nothing else has", () => {
  expect(Object.keys(cases)).toEqual(backupAlerts.map(({ name }) => name));
});

(promtool === undefined ? test.skip : test)(
  "a node's alerts fire on a failed or old backup, with text and labels, and stay quiet on what is nearly the same",
  () => {
    expectAlerts(backupAlerts, cases);
  },
);
