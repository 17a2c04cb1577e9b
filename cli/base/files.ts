import { accessSync, chmodSync, renameSync, statSync, writeFileSync } from "node:fs";

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

/** Replaces a file's text whole, and keeps its mode: a process that ends half-way leaves the text before. */
export function replaceFile(file: string, text: string): void {
  const next = `${file}.new`;
  writeFileSync(next, text, { mode: 0o600 });
  // Apart from the write, which leaves out what the umask does, and keeps the mode of a file that is there.
  chmodSync(next, statSync(file).mode);
  renameSync(next, file);
}
