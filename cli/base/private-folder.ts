import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { FarmError } from "./errors";

/** A folder in memory that nobody else reads: an event log has debug messages too, which mask nothing. */
export async function withPrivateFolder<T>(work: (folder: string) => Promise<T>, parent = "/dev/shm"): Promise<T> {
  let folder: string;
  try {
    folder = mkdtempSync(join(parent, "swarm-farm-"));
  } catch {
    throw new FarmError(`there is no room in ${parent} for the event log: nothing was changed`);
  }
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
