import { spawn } from "node:child_process";
import { existsSync, openSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { until } from "../../tests/support/alerting";

/** A program that is measured. */
export interface Program {
  readonly pid: number;
  stop(): Promise<void>;
}

/**
 * Starts a program as with a container's limit of one CPU, and waits until it answers.
 *
 * @param log a file for its output
 */
export async function start(file: string, args: readonly string[], log: string, ready: string): Promise<Program> {
  const output = openSync(log, "w");
  const child = spawn(file, args, { env: { ...process.env, GOMAXPROCS: "1" }, stdio: ["ignore", output, output] });
  const ended = new Promise((resolve) => child.on("close", resolve));
  child.on("error", () => undefined);
  await until(async () => {
    if (child.pid === undefined || child.exitCode !== null)
      throw new Error(`${file} ended: ${readFileSync(log, "utf8")}`);
    return (await fetch(ready).catch(() => undefined))?.ok ?? false;
  }, 120_000);
  return {
    pid: child.pid ?? NaN,
    stop: async () => {
      child.kill("SIGTERM");
      await ended;
    },
  };
}

/** A block that Prometheus is making has its space before its data, for seconds. */
const unfinished = /[.]tmp-for-creation$/;

/** The bytes of a folder's files on disk. */
export function bytesOf(folder: string): number {
  // Files and folders may go while they are read: both stores merge at any time.
  if (!existsSync(folder)) return 0;
  return readdirSync(folder, { withFileTypes: true }).reduce((sum, entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return unfinished.test(entry.name) ? sum : sum + bytesOf(path);
    return sum + (statSync(path, { throwIfNoEntry: false })?.blocks ?? 0) * 512;
  }, 0);
}
