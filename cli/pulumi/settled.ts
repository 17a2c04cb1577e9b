import { mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import type { Context } from "../context/context";
import { timeOf } from "../base/files";
import { jsonOrNothing } from "../base/json";
import { backendFolder, stateFile } from "./backend";

type Farm = Pick<Context, "stack" | "repository" | "folders" | "environment">;

/** The text of the marker; that of earlier versions is empty. */
const Made = z.object({ program: z.string(), state: z.number() });

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

/**
 * Whether the last update succeeded, was of this program, and left the state that is there now.
 *
 * @param program a hash of it
 */
export function isSettledWith(farm: Farm, program: string): boolean {
  if (!isSettled(farm)) return false;
  const made = Made.safeParse(jsonOrNothing(readFileSync(marker(farm), "utf8"))).data;
  return program !== "" && made?.program === program && made.state === stateTime(farm);
}

/**
 * Marks the state as incomplete when an update starts.
 *
 * @param program a hash of the program if the update is of all of it. Default: it is not
 */
export function unsettle(farm: Farm, program = ""): void {
  rmSync(marker(farm), { force: true });
  write(unfinished(farm), program);
}

/** Marks the state as complete after an update that succeeded. What was changed since it began may not be in it. */
export function settle(farm: Farm): void {
  const [began, program] = beginning(farm);
  write(marker(farm), JSON.stringify({ program, state: stateTime(farm) }));
  utimesSync(marker(farm), began, began);
  rmSync(unfinished(farm), { force: true });
}

/** When the update began, and its program. */
function beginning(farm: Farm): readonly [Date, string] {
  const since = unfinishedSince(farm);
  if (since === 0) return [new Date(), ""];
  // Rounded up: the configuration is read much later than that.
  return [new Date(Math.ceil(since)), readFileSync(unfinished(farm), "utf8")];
}

function stateTime(farm: Farm): number {
  return timeOf(stateFile(farm) ?? "");
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** Whether the last update that succeeded began after the configuration and the guest images were written. */
export function uploadsNothing(farm: Farm): boolean {
  const since = timeOf(marker(farm));
  const changed = [join(farm.repository, `Pulumi.${farm.stack}.yaml`), join(farm.folders.cache, "guest")];
  return isSettled(farm) && changed.every((file) => timeOf(file) <= since);
}
