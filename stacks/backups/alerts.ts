import type { Alert } from "../contract/entries";

const page = "how-to/backups.md#what-can-go-wrong";
const again = "./farm ssh {{ $labels.node }} systemctl start swarm-farm-backups";

/** Alerts about the backups of nodes, from the metrics that node/backups writes. */
export const backupAlerts: readonly Alert[] = [
  {
    name: "BackupFailed",
    expression: "swarm_farm_backup_last_run_failed == 1",
    severity: "warning",
    summary: "the last backup of node {{ $labels.node }} failed, or is without a volume or dump",
    action: `./farm doctor has the reason; ${again} runs it again`,
    page,
  },
  {
    name: "BackupTooOld",
    // A first run that fails has no time.
    expression:
      "time() - (swarm_farm_backup_last_success_timestamp_seconds > 0) > on (instance, node) swarm_farm_backup_limit_seconds",
    severity: "critical",
    summary: "node {{ $labels.node }} has no whole backup since {{ $value | humanizeDuration }}",
    action: `./farm doctor has the reason; ${again} runs it now`,
    page,
  },
];
