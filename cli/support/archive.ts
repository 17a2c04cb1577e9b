import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { output } from "../process/run";
import type { SupportFile } from "./collect";

/**
 * Writes the files into one gzipped tar archive, in a folder of the same name; readable for the owner alone.
 *
 * @param file ends in `.tar.gz`
 * @throws CommandError if it cannot be written
 */
export async function writeArchive(file: string, files: readonly SupportFile[]): Promise<void> {
  const top = basename(file, ".tar.gz");
  const folder = mkdtempSync(join(tmpdir(), "farm-support-"));
  try {
    for (const { path, text } of files) {
      mkdirSync(join(folder, top, dirname(path)), { recursive: true });
      writeFileSync(join(folder, top, path), text);
    }
    await output(["tar", "-C", folder, "-czf", file, top]);
    chmodSync(file, 0o600);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
