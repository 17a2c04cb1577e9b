import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Context } from "../context/context";
import { run } from "../process/run";
import { decidedMode, type HypervisorMode } from "./enter";

type Farm = Pick<Context, "stack" | "folders" | "environment" | "isolated">;

/** The time limit for a libvirtd that hangs. */
const timeoutSeconds = 5;

/** Whether the libvirt of this machine answers. */
export async function systemAnswers({ environment }: Pick<Context, "environment">): Promise<boolean> {
  const argv = ["virsh", "-q", "-c", "qemu:///system", "version"] as const;
  return (await run(argv, { env: environment, timeoutSeconds })).status === 0;
}

/**
 * The libvirt that the farm uses, or that its first build would choose now.
 *
 * @returns `system` if this machine's libvirt answers and `--isolated` is not set
 */
export async function expectedMode(farm: Farm): Promise<HypervisorMode> {
  return decidedMode(farm) ?? (!farm.isolated && (await systemAnswers(farm)) ? "system" : "isolated");
}

/** Chooses the libvirt of the farm, once: an isolated farm stays isolated. */
export async function decideMode(farm: Farm): Promise<HypervisorMode> {
  const decided = decidedMode(farm);
  if (decided !== undefined) return decided;
  const mode = await expectedMode(farm);
  mkdirSync(farm.folders.state, { recursive: true });
  writeFileSync(join(farm.folders.state, "hypervisor"), `${mode}\n`);
  return mode;
}

/** The name of a running process, or undefined. */
export function processName(pid: string | number): string | undefined {
  const file = `/proc/${pid}/comm`;
  try {
    return existsSync(file) ? readFileSync(file, "utf8").trim() : undefined;
  } catch {
    // It has ended meanwhile.
    return undefined;
  }
}
