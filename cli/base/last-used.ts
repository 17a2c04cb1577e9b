import { statSync, utimesSync } from "node:fs";

/** Marks a file or folder of the cache as used at a time, in milliseconds since 1970. */
export function markUsed(path: string, now: number): void {
  utimesSync(path, now / 1000, now / 1000);
}

/** Whether a file or folder was last marked as used, or made, more than so many days before a time. */
export function isUnused(path: string, days: number, now: number): boolean {
  return now - statSync(path).mtimeMs > days * 24 * 3600 * 1000;
}
