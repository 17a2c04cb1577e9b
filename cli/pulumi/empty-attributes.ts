import { existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Context } from "../context/context";
import { stackFolders } from "./backend";

/**
 * Removes empty files of attributes of the farm's stack. Pulumi's backend in a folder has one beside each of its files and writes it in place: an engine
 * that is killed in that moment leaves it empty, and each later run ends with "failed to load checkpoint: EOF". The state beside it is replaced as
 * a whole, and is read without attributes too.
 */
export function removeEmptyAttributes(of: Pick<Context, "environment" | "stack">): void {
  const folders = stackFolders(of);
  if (folders === undefined) return;
  for (const folder of [folders.all, folders.states, folders.locks, folders.history])
    for (const file of attributesIn(folder))
      // A run that is under way may have removed it meanwhile.
      if (statSync(file, { throwIfNoEntry: false })?.size === 0) rmSync(file, { force: true });
}

function attributesIn(folder: string): readonly string[] {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return names.filter((name) => name.endsWith(".attrs")).map((name) => join(folder, name));
}
