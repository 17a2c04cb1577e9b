import { nodeMetricsFolder } from "../contract/node-metrics";

/** The collectors whose numbers alerts and pages use; the network's would be those of its container. */
const collectors = ["cpu", "diskstats", "filesystem", "loadavg", "meminfo", "stat", "time", "uname", "vmstat"];

/**
 * Arguments of the node exporter.
 *
 * @param folder of the node's files
 * @param hasMetrics whether programs of the node write files with metrics
 */
export function nodesFlags(folder: string, hasMetrics: boolean): string[] {
  return [
    `--path.rootfs=${folder}`,
    `--path.procfs=${folder}/proc`,
    `--path.sysfs=${folder}/sys`,
    "--collector.disable-defaults",
    ...collectors.map((collector) => `--collector.${collector}`),
    ...(hasMetrics ? ["--collector.textfile", `--collector.textfile.directory=${folder}${nodeMetricsFolder}`] : []),
    // Each container has mounts of its own, which are no disks.
    "--collector.filesystem.mount-points-exclude=^/(dev|proc|run|sys|var/lib/docker/.+|var/lib/containerd/.+)($|/)",
    "--log.level=warn",
  ];
}
