import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

/** The top of the repository; recipes are named relative to it. */
export const repository = join(__dirname, "..", "..");

/**
 * One short name for the content of a folder, its documentation left out: what `content_hash` in setup/paths.sh gives for it, so that the program
 * finds what `./farm setup` built.
 */
export function contentHash(folder: string): string {
  const files = filesBelow(join(repository, folder)).sort();
  const lines = files.map((file) => `${sha256(readFileSync(file))}  ${relative(repository, file)}\n`);
  return sha256(lines.join("")).slice(0, 16);
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesBelow(path);
    return entry.isFile() && !entry.name.endsWith(".md") ? [path] : [];
  });
}

function sha256(data: Buffer | string): string {
  return createHash("sha256").update(data).digest("hex");
}
