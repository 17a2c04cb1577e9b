import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Context } from "../context/context";
import { FarmError } from "../base/errors";
import type { Argv } from "../process/run";

type Farm = Pick<Context, "stack" | "folders">;

/** `isolated`: a libvirt of the farm's own, in namespaces of its own; `system`: the machine's. */
export type HypervisorMode = "system" | "isolated";

/** The farm's network namespace; its name has a hash of the state folder, so that two checkouts do not share one. */
export function namespaceOf({ stack, folders }: Farm): string {
  return `farm-${stack}-${createHash("sha256").update(folders.state).digest("hex").slice(0, 6)}`;
}

/** The mode that the first build of the farm chose; undefined before that. */
export function decidedMode({ folders }: Farm): HypervisorMode | undefined {
  const file = join(folders.state, "hypervisor");
  if (!existsSync(file)) return undefined;
  return readFileSync(file, "utf8").trim() === "system" ? "system" : "isolated";
}

/** The process id of the farm's own libvirtd if it runs. */
export function libvirtdPid({ folders }: Farm): number | undefined {
  try {
    const pid = readFileSync(join(folders.state, "libvirt", "libvirtd.pid"), "utf8").trim();
    return readFileSync(`/proc/${pid}/comm`, "utf8").trim() === "libvirtd" ? Number(pid) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The command that runs another one in the farm's namespaces, with its libvirt and addresses.
 *
 * @param folder where it works: the folder of a process is lost when it enters. Default: that of this command
 * @throws FarmError if the farm's own libvirt does not run
 */
export function inFarm(farm: Farm, argv: Argv, folder = process.cwd()): Argv {
  if (decidedMode(farm) !== "isolated") return argv;
  const pid = libvirtdPid(farm);
  if (pid === undefined) throw new FarmError("the farm's hypervisor is not running: ./farm up starts it");
  return ["nsenter", "--target", String(pid), "--mount", "--net", `--wdns=${folder}`, "--", ...argv];
}
