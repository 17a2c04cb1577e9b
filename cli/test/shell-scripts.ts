import { closeSync, existsSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import { output } from "../process/run";
import type { TestRun } from "./check";

const interpreter = /^#!.*(bash|bin\/(da)?sh)/;

/** Paths of shell files, relative to the repository. */
interface ShellScripts {
  /** Programs, by their first line. */
  readonly programs: readonly string[];
  /** All, including files that others source or send. */
  readonly all: readonly string[];
}

/** Finds the shell scripts that git tracks or would track. */
export async function shellScripts({ context, environment }: TestRun): Promise<ShellScripts> {
  const { repository: cwd, signal } = context;
  const listing = ["git", "ls-files", "-z", "-co", "--exclude-standard"] as const;
  const files = (await output(listing, { cwd, env: environment, signal })).split("\0").filter(Boolean);
  const programs = files.filter((file) => interpreter.test(firstLine(join(cwd, file))));
  const parts = files.filter((file) => file.endsWith(".sh") && existsSync(join(cwd, file)));
  return { programs, all: [...new Set([...programs, ...parts])].sort() };
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
