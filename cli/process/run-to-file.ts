import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import type { Argv } from "./run";

interface FileOptions {
  readonly cwd: string;
  /** Added to the environment of this process. */
  readonly env: Readonly<Partial<Record<string, string>>>;
  /** Sends it SIGINT. */
  readonly signal: AbortSignal;
}

/**
 * Runs a program to its end with its output in a file, and returns its exit status. It does not wait
 * for processes that outlive the program.
 *
 * The program has a session of its own: a terminal sends Ctrl-C to all processes of a session, `kill`, a CI's runner and systemd to
 * this process alone. It receives SIGINT once in either case, and once more if this process exits first.
 */
export async function runToFile(
  [program, ...args]: Argv,
  file: string,
  { cwd, env, signal }: FileOptions,
): Promise<number> {
  const handle = openSync(file, "w", 0o600);
  try {
    return await new Promise((resolve, reject) => {
      const child = spawn(program, args, {
        cwd,
        env: { ...process.env, ...env },
        stdio: ["ignore", handle, handle],
        detached: true,
      });
      const interrupt = () => child.kill("SIGINT");
      const release = () => {
        signal.removeEventListener("abort", interrupt);
        process.off("exit", interrupt);
      };
      signal.addEventListener("abort", interrupt);
      process.on("exit", interrupt);
      if (signal.aborted) interrupt();
      child.once("error", (error) => {
        release();
        reject(error);
      });
      child.once("exit", (code) => {
        release();
        // As in shells.
        resolve(code ?? 143);
      });
    });
  } finally {
    closeSync(handle);
  }
}
