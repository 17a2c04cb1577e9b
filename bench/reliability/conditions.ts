import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { cpus, loadavg, totalmem } from "node:os";
import { join } from "node:path";
import { repository, type TestFarm } from "../../tests/live/farm";

/** Conditions of the measurement, in one line: without them the figures say nothing. */
export async function conditions(farm: TestFarm): Promise<string> {
  const domain = await farm.virsh("dumpxml", `${farm.stack}.manager1`);
  const accelerator = domain.includes("<domain type='kvm'") ? "KVM" : "software emulation";
  const qemu = /hypervisor: QEMU (\S+)/.exec(await farm.virsh("version"))?.[1] ?? "?";
  const [docker, guest] = (
    await farm.docker("info", "-f", "{{.ServerVersion}}|{{.OperatingSystem}} {{.KernelVersion}}")
  ).split("|");
  const commit = execFileSync("git", ["rev-parse", "--short", "HEAD"], { cwd: repository, encoding: "utf8" }).trim();
  return [
    new Date().toISOString().slice(0, 10),
    `${cpus().length} cores, ${cpus()[0]?.model.trim() ?? "?"}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB`,
    `${accelerator}, QEMU ${qemu}`,
    `Docker ${docker ?? "?"} on ${guest ?? "?"}`,
    `swarm-farm ${commit}`,
    `load ${(loadavg()[0] ?? 0).toFixed(1)}`,
  ].join(" · ");
}

/** How many machines run on this host that are not the farm's: they take its cores. */
export function otherVms(farm: TestFarm): number {
  const names = readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .map((pid) => {
      try {
        return /^\S*qemu-system\S*\0-name\0guest=([^,]+)/.exec(
          readFileSync(join("/proc", pid, "cmdline"), "utf8"),
        )?.[1];
      } catch {
        return undefined;
      }
    });
  return names.filter((name) => name !== undefined && !name.startsWith(`${farm.stack}.`)).length;
}
