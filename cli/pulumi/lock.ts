import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import type { Context } from "../context/context";
import { FarmError } from "../base/errors";
import { stackFolders } from "./backend";
import { parseJson } from "./json";

/** The content of a lock in a backend of files. */
const Lock = z.object({ pid: z.int(), hostname: z.string() });

/**
 * Removes the lock of a killed engine of this machine.
 *
 * @throws FarmError if another run has the lock, or a lock cannot be read
 */
export function unlockStack({ environment, stack, report }: Pick<Context, "environment" | "stack" | "report">): void {
  const folder = stackFolders({ environment, stack })?.locks;
  if (folder === undefined) return;
  const locks = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".json")) : [];
  for (const file of locks.map((name) => join(folder, name))) {
    const lock = lockIn(file);
    if (!lock) continue;
    const pid = String(lock.pid);
    if (lock.hostname !== hostname() || existsSync(`/proc/${pid}`))
      throw new FarmError(
        `stack '${stack}' is locked by process ${pid} on ${lock.hostname}: another run is under way; wait for it, or end it`,
      );
    report.say(`the run with process ${pid} did not end by itself: its lock is removed`);
    rmSync(file);
  }
}

/** Undefined where the run that held it has removed it meanwhile. */
function lockIn(file: string): z.infer<typeof Lock> | undefined {
  if (!existsSync(file)) return undefined;
  const what = `the lock ${file}`;
  const next = "wait until no other run is under way, then remove that file";
  const { data } = Lock.safeParse(parseJson(readFileSync(file, "utf8"), what, next));
  if (!data) throw new FarmError(`${what} is of a form that this version does not know: ${next}`);
  return data;
}
