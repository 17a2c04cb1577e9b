import { existsSync, statfsSync } from "node:fs";
import { dirname } from "node:path";
import { FarmError } from "./errors";

const bytesPerMiB = 1024 ** 2;

/**
 * Checks free disk space before a step that needs it.
 *
 * @param path to be written; it need not exist yet
 * @param what needs the space, e.g. `building images`
 * @throws FarmError
 */
export function needSpace(path: string, mebibytes: number, what: string): void {
  const folder = existing(path);
  const { bavail, bsize } = statfsSync(folder);
  const free = Math.floor((bavail * bsize) / bytesPerMiB);
  if (free >= mebibytes) return;
  throw new FarmError(
    `${what} needs ${String(mebibytes)} MiB in ${folder}, ${String(free)} MiB are free: free some space or set XDG_CACHE_HOME and XDG_STATE_HOME`,
  );
}

function existing(path: string): string {
  return existsSync(path) ? path : existing(dirname(path));
}
