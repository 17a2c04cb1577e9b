import type { Alert } from "../contract/entries";
import { services } from "./services";

const page = "how-to/logs.md#what-can-go-wrong";

/** Alerts about logs that are not stored. */
export const logAlerts: readonly Alert[] = [
  {
    name: "LogsWait",
    expression: "sum(vlagent_remotewrite_pending_data_bytes) > 16 * 1024 * 1024",
    forSeconds: 900,
    severity: "warning",
    summary: "{{ $value | humanize1024 }}B of logs wait on the nodes: the store does not take them",
    action: `./farm docker service ps --no-trunc ${services.store.name} says why`,
    page,
  },
  {
    name: "LogsNotTaken",
    expression: "vl_storage_is_read_only == 1",
    forSeconds: 300,
    severity: "warning",
    summary: "the disk of the logs is full: the store takes nothing more",
    action:
      "./farm logs shows which service prints so much; lower logs.diskMiB, or give its node a larger disk, then ./farm up",
    page,
  },
  {
    name: "JournalsRefused",
    expression: 'increase(vl_http_errors_total{path="/insert/journald/upload"}[15m]) > 5',
    severity: "warning",
    summary: "the store of the logs refuses a node's journal, {{ $value | humanize }} times in 15 minutes",
    action: `./farm docker service logs ${services.journal.name} says which node's`,
    page,
  },
];
