import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Context } from "../context/context";
import { resourcesOf } from "../pulumi/answer";
import { decidedMode } from "./enter";
import { stopForwards } from "./forwards";
import { stopIsolated } from "./isolated";

/** Where the system's libvirt keeps what VMs print. */
const consoles = "/var/log/libvirt/qemu";

type Farm = Pick<Context, "stack" | "repository" | "folders" | "environment">;

/** Once everything is destroyed there is nothing to keep a libvirt, a namespace or keys for. */
export async function cleanUpIfEmpty(farm: Farm, folder = consoles): Promise<void> {
  const left = await resourcesOf(farm);
  if (left.some(({ type }) => type !== "pulumi:pulumi:Stack")) return;
  stopForwards(farm);
  if (decidedMode(farm) === "isolated") await stopIsolated(farm);
  else for (const name of consolesOf(farm.stack, folder)) rmSync(join(folder, name), { force: true });
  rmSync(farm.folders.state, { recursive: true, force: true });
}

function consolesOf(stack: string, folder: string): string[] {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return names.filter((name) => name.startsWith(`${stack}.`) && name.endsWith(".console.log"));
}
