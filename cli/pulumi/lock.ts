import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import type { Context } from "../context/context";
import { FarmError } from "../base/errors";
import { backendFolder } from "./backend";

/** The content of a lock in a backend of files. */
const Lock = z.object({ pid: z.int(), hostname: z.string() });

/**
 * Removes the lock of a killed engine of this machine.
 *
 * @throws FarmError if another run has the lock
 */
export function unlockStack({ environment, stack, report }: Pick<Context, "environment" | "stack" | "report">): void {
  const backend = backendFolder(environment);
  if (backend === undefined) return;
  const folder = join(backend, ".pulumi", "locks", "organization", "swarm-farm", stack);
  const locks = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".json")) : [];
  for (const file of locks.map((name) => join(folder, name))) {
    const lock = Lock.parse(JSON.parse(readFileSync(file, "utf8")));
    const pid = String(lock.pid);
    if (lock.hostname !== hostname() || existsSync(`/proc/${pid}`))
      throw new FarmError(
        `stack '${stack}' is locked by process ${pid} on ${lock.hostname}: another run is under way; wait for it, or end it`,
      );
    report.say(`the run with process ${pid} did not end by itself: its lock is removed`);
    rmSync(file);
  }
}
