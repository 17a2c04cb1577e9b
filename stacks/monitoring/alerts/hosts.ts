import type { Alert } from "../../contract/entries";
import { freeShare } from "../base/disks";

const page = "how-to/monitoring.md#hypervisors";

/** The target of a hypervisor's node exporter. */
export const hypervisor = 'kind="hypervisor"';

/** Alerts about hosts of VMs, where `monitoring.targets` has any. */
export const hostAlerts: readonly Alert[] = [
  {
    name: "HostDown",
    expression: `up{${hypervisor}} == 0`,
    forSeconds: 120,
    severity: "critical",
    summary: "hypervisor {{ $labels.job }} gives no metrics at {{ $labels.instance }}: it is down, or not reached",
    action:
      "./farm doctor asks each host itself; where it finds nothing, the host's exporter or the way to it is missing",
    page,
  },
  {
    name: "HostDiskFull",
    expression: `${freeShare(hypervisor)} < 0.05`,
    forSeconds: 300,
    severity: "critical",
    summary:
      "hypervisor {{ $labels.job }} has {{ $value | humanizePercentage }} of {{ $labels.mountpoint }} free: a VM that writes will be paused",
    action:
      "free space on the host; ./farm doctor says how much its pool has, and ./farm up resumes what libvirt paused",
    page,
  },
];
