import { readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Context } from "../context/context";
import { backendFolder } from "./backend";

/**
 * Removes empty files of attributes of the farm's stack. Pulumi's backend in a folder has one beside each of its files and writes it in place: an engine
 * that is killed in that moment leaves it empty, and each later run ends with "failed to load checkpoint: EOF". The state beside it is replaced as
 * a whole, and is read without attributes too.
 */
export function removeEmptyAttributes({ environment, stack }: Pick<Context, "environment" | "stack">): void {
  const backend = backendFolder(environment);
  if (backend === undefined) return;
  for (const parts of [
    [],
    ["stacks", "swarm-farm"],
    ["locks", "organization", "swarm-farm", stack],
    ["history", "swarm-farm", stack],
  ]) {
    const folder = join(backend, ".pulumi", ...parts);
    for (const name of attributesIn(folder)) {
      const file = join(folder, name);
      // A run that is under way may have removed it meanwhile.
      if (statSync(file, { throwIfNoEntry: false })?.size === 0) rmSync(file, { force: true });
    }
  }
}

function attributesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith(".attrs"));
  } catch {
    return [];
  }
}
