import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { z } from "zod";

const Run = z.object({ pid: z.number(), home: z.string() });

/** Writes down this process and the folder of its farm, until the farm is removed. */
export function writeRun(file: string, home: string): void {
  writeFileSync(file, JSON.stringify({ pid: process.pid, home }));
}

/**
 * The folder of the farm that a killed run left; undefined if there is none.
 *
 * @throws Error if that run goes on: farms of one name are not measured side by side
 */
export function leftFarm(file: string): string | undefined {
  if (!existsSync(file)) return undefined;
  const { pid, home } = Run.parse(JSON.parse(readFileSync(file, "utf8")));
  if (existsSync(`/proc/${String(pid)}`)) {
    throw new Error(
      `process ${String(pid)} runs this measurement; wait for its end, or remove ${file} if it is another`,
    );
  }
  return home;
}
