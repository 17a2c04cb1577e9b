import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import type { Argv } from "./run";

/**
 * Runs a program to its end with its output in a file, and returns its exit status. It does not wait
 * for processes that outlive the program.
 *
 * @param options `env`: added to the environment of this process
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
        // As in shells.
        resolve(code ?? 143);
      });
    });
  } finally {
    closeSync(handle);
  }
}
