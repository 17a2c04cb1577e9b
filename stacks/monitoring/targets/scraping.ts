import type { TargetsConfig } from "./schema";

/** Scrape configurations of targets outside of the swarm; their limits are those of all targets. */
export function outsideJobs(targets: TargetsConfig) {
  return Object.entries(targets).map(([name, { address, kind, path, scheme, labels }]) => ({
    job_name: name,
    metrics_path: path,
    scheme,
    // A target gives its own numbers, and not those of an address that it names.
    follow_redirects: false,
    static_configs: [{ targets: [address], labels: { ...labels, kind } }],
  }));
}

/** Whether one of them is a host of VMs. */
export function hasHypervisors(targets: TargetsConfig): boolean {
  return Object.values(targets).some(({ kind }) => kind === "hypervisor");
}
