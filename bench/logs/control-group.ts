import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const root = "/sys/fs/cgroup";
/** Bench groups, beside those of the machine's services. */
const parent = "swarm-farm-bench";
const periodMicroseconds = 100_000;
const mib = 1024 ** 2;

/** Limits of a service, as Docker sets them. */
export interface Limits {
  readonly cpus: number;
  readonly memoryMiB: number;
}

/** Control groups (version 1) with the limits of a service. */
export class ControlGroup {
  readonly #group: string;

  /** @throws Error if the machine has no control groups of version 1 */
  constructor(name: string, { cpus, memoryMiB }: Limits) {
    if (!existsSync(join(root, "cpuacct")))
      throw new Error(
        `${root}/cpuacct is not there: limits are set by control groups of version 1; boot with systemd.unified_cgroup_hierarchy=0`,
      );
    this.#group = join(parent, `${name}-${randomUUID()}`);
    for (const controller of ["memory", "cpu", "cpuacct"]) mkdirSync(this.#file(controller, ""), { recursive: true });
    writeFileSync(this.#file("memory", "memory.limit_in_bytes"), String(memoryMiB * mib));
    writeFileSync(this.#file("cpu", "cpu.cfs_period_us"), String(periodMicroseconds));
    writeFileSync(this.#file("cpu", "cpu.cfs_quota_us"), String(cpus * periodMicroseconds));
  }

  /** The command that runs another one in it. */
  get through(): readonly string[] {
    return ["unshare", "--mount", join(__dirname, "limited.sh"), this.#group];
  }

  /** Seconds of CPU that its processes used so far. */
  cpuSeconds(): number {
    return Number(this.#read("cpuacct", "cpuacct.usage")) / 1e9;
  }

  /** Memory in use without cached files, as `docker stats` counts it. */
  memoryMiB(): number {
    const cached = /^total_inactive_file (\d+)$/m.exec(this.#read("memory", "memory.stat"))?.[1] ?? "0";
    return (Number(this.#read("memory", "memory.usage_in_bytes")) - Number(cached)) / mib;
  }

  /** Removes it, once its processes have ended. */
  remove(): void {
    for (const controller of ["memory", "cpu", "cpuacct"]) {
      const folder = this.#file(controller, "");
      // Two controllers may have one folder.
      if (existsSync(folder)) rmdirSync(folder);
      try {
        rmdirSync(dirname(folder));
      } catch {
        // Another one is in it.
      }
    }
  }

  #file(controller: string, name: string): string {
    return join(root, controller, this.#group, name);
  }

  #read(controller: string, name: string): string {
    return readFileSync(this.#file(controller, name), "utf8");
  }
}
