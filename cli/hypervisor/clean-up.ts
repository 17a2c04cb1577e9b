import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { consoleFolder } from "../../infra/libvirt/domain";
import type { Context } from "../context/context";
import { resourcesOf } from "../pulumi/answer";
import { decidedMode } from "./enter";
import { stopForwards } from "./forwards";
import { stopIsolated } from "./isolated";

type Farm = Pick<Context, "stack" | "repository" | "folders" | "environment">;

/** Removes the isolated libvirt, its namespace and the ssh files after everything is destroyed. */
export async function cleanUpIfEmpty(farm: Farm, folder = consoleFolder): Promise<void> {
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
