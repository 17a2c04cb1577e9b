import { execFileSync } from "node:child_process";
import { cpus, loadavg, totalmem } from "node:os";
import { repository, type TestFarm } from "../../tests/live/farm";
import { virtualMachines } from "../qemu";

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
  return [...virtualMachines().keys()].filter((name) => !name.startsWith(`${farm.stack}.`)).length;
}
