import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Context } from "../context/context";
import { run } from "../process/run";
import { decidedMode, type HypervisorMode } from "./enter";

type Farm = Pick<Context, "stack" | "folders" | "environment" | "isolated">;

/** A libvirtd that hangs must not hold a command up. */
const answerSeconds = 5;

/** Whether the libvirt of this machine answers. */
export async function systemAnswers({ environment }: Pick<Context, "environment">): Promise<boolean> {
  const argv = ["virsh", "-q", "-c", "qemu:///system", "version"] as const;
  return (await run(argv, { env: environment, timeoutSeconds: answerSeconds })).status === 0;
}

/**
 * Which libvirt the farm uses, or would use if it were decided now.
 *
 * @returns `system` where this machine's libvirt answers and nothing asks for an isolated one
 */
export async function expectedMode(farm: Farm): Promise<HypervisorMode> {
  return decidedMode(farm) ?? (!farm.isolated && (await systemAnswers(farm)) ? "system" : "isolated");
}

/** Decides which libvirt the farm uses. It is decided once: a farm that began isolated stays isolated. */
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
    // It ended between the two.
    return undefined;
  }
}
