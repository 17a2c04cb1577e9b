import { spawn } from "node:child_process";
import type { Argv } from "./run";

/**
 * Runs a program with this process's terminal or pipes, and also returns its standard error.
 *
 * @param options `env`: added to the environment of this process
 */
export async function attachKeepingErrors(
  [program, ...args]: Argv,
  { cwd, env }: { readonly cwd: string; readonly env: Readonly<Partial<Record<string, string>>> },
): Promise<{ readonly status: number; readonly stderr: string }> {
  return new Promise((resolve, reject) => {
    let stderr = "";
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ["inherit", "inherit", "pipe"],
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
      process.stderr.write(text);
    });
    child.once("error", reject);
    // Processes that outlive the program hold its pipe open.
    child.once("exit", (code) => {
      setImmediate(() => {
        resolve({ status: code ?? 143, stderr });
      });
    });
  });
}
