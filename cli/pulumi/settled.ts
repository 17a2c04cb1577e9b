import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Context } from "../context/context";
import { timeOf } from "../base/files";
import { backendFolder } from "./backend";

type Farm = Pick<Context, "stack" | "repository" | "folders" | "environment">;

/** A file that is there while Pulumi's state has all that there is. */
function marker({ folders }: Farm): string {
  return join(folders.state, "settled");
}

/** Whether the last update ended well; behind a backend that others use nobody knows. */
export function isSettled(farm: Farm): boolean {
  return backendFolder(farm.environment) !== undefined && timeOf(marker(farm)) > 0;
}

/** From the beginning of a change on, until one has ended well. */
export function unsettle(farm: Farm): void {
  rmSync(marker(farm), { force: true });
}

/** An update has ended well. */
export function settle(farm: Farm): void {
  mkdirSync(farm.folders.state, { recursive: true });
  writeFileSync(marker(farm), "");
}

/** Whether neither the configuration nor a guest image is newer than the last update that ended well. */
export function uploadsNothing(farm: Farm): boolean {
  const since = timeOf(marker(farm));
  const changed = [join(farm.repository, `Pulumi.${farm.stack}.yaml`), join(farm.folders.cache, "guest")];
  return isSettled(farm) && changed.every((file) => timeOf(file) <= since);
}
