import { accessSync, statSync } from "node:fs";

/** When a file was written, in milliseconds since 1970; 0 for a missing file. */
export function timeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/** @param mode of `fs.constants`, e.g. `X_OK` */
export function canAccess(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}
