import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import type { Argv } from "./run";

/**
 * Runs a program to its end with its output in a file, and returns its exit status. Processes that outlive the program hold
 * nothing up.
 *
 * @param options `env`: beside the environment of this process
 */
export async function runToFile(
  [program, ...args]: Argv,
  file: string,
  { cwd, env }: { readonly cwd: string; readonly env: Readonly<Partial<Record<string, string>>> },
): Promise<number> {
  const handle = openSync(file, "w", 0o600);
  try {
    return await new Promise((resolve, reject) => {
      const child = spawn(program, args, {
        cwd,
        env: { ...process.env, ...env },
        stdio: ["ignore", handle, handle],
      });
      child.once("error", reject);
      child.once("exit", (code) => {
        // As shells have it, whichever signal it was.
        resolve(code ?? 143);
      });
    });
  } finally {
    closeSync(handle);
  }
}
