import { closeSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import { output } from "../process/run";
import type { TestRun } from "./check";

const interpreter = /^#!.*(bash|bin\/sh)/;

/** The shell scripts of the repository by their first line, from its top. */
export async function shellScripts({ context, environment }: TestRun): Promise<string[]> {
  const { repository: cwd, signal } = context;
  const listing = ["git", "ls-files", "-z", "-co", "--exclude-standard"] as const;
  const files = (await output(listing, { cwd, env: environment, signal })).split("\0").filter(Boolean);
  return files.filter((file) => interpreter.test(firstLine(join(cwd, file))));
}

/** @returns "" for a file that was deleted and is still in the index */
function firstLine(file: string): string {
  let descriptor: number;
  try {
    descriptor = openSync(file, "r");
  } catch {
    return "";
  }
  try {
    const buffer = Buffer.alloc(128);
    return buffer.toString("latin1", 0, readSync(descriptor, buffer)).split("\n")[0] ?? "";
  } catch {
    return "";
  } finally {
    closeSync(descriptor);
  }
}
