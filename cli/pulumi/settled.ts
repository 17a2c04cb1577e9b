import { mkdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Context } from "../context/context";
import { timeOf } from "../base/files";
import { backendFolder } from "./backend";

type Farm = Pick<Context, "stack" | "repository" | "folders" | "environment">;

/** A file that exists while the state is complete, so after an update that succeeded. */
function marker({ folders }: Farm): string {
  return join(folders.state, "settled");
}

/** A file that exists while an update runs, and after one that failed or was interrupted. */
function unfinished({ folders }: Farm): string {
  return join(folders.state, "unfinished");
}

/** When an update began that has not ended well, in milliseconds since 1970; 0 if there is none. */
export function unfinishedSince(farm: Farm): number {
  return timeOf(unfinished(farm));
}

/** Whether the last update succeeded; false with a backend that other machines use. */
export function isSettled(farm: Farm): boolean {
  return backendFolder(farm.environment) !== undefined && timeOf(marker(farm)) > 0;
}

/** Marks the state as incomplete when an update starts. */
export function unsettle(farm: Farm): void {
  rmSync(marker(farm), { force: true });
  write(unfinished(farm));
}

/** When the last update began, if it succeeded, in milliseconds since 1970; else 0. */
export function settledSince(farm: Farm): number {
  return isSettled(farm) ? timeOf(marker(farm)) : 0;
}

/**
 * Marks the state as complete after an update that succeeded. What was changed since it began may not be in it.
 *
 * @param ofAll whether the update was of all resources; else everything counts as changed since. Default: it was
 */
export function settle(farm: Farm, ofAll = true): void {
  // Rounded up: a program is read much later than that.
  const began = ofAll ? new Date(Math.ceil(unfinishedSince(farm))) : new Date(1);
  write(marker(farm));
  if (began.getTime() > 0) utimesSync(marker(farm), began, began);
  rmSync(unfinished(farm), { force: true });
}

function write(file: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, "");
}

/** Whether the last update that succeeded began after the configuration and the guest images were written. */
export function uploadsNothing(farm: Farm): boolean {
  const since = timeOf(marker(farm));
  const changed = [join(farm.repository, `Pulumi.${farm.stack}.yaml`), join(farm.folders.cache, "guest")];
  return isSettled(farm) && changed.every((file) => timeOf(file) <= since);
}
