import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join, relative } from "node:path";

/** The top of the repository; recipes are named relative to it. */
export const repository = join(__dirname, "..", "..");

/**
 * One short name for the content of files and folders, documentation and installed modules left out: what `content_hash` in setup/paths.sh gives for it, so that the program
 * finds what `./farm setup` built.
 */
export function contentHash(...paths: readonly string[]): string {
  const files = paths.flatMap((path) => filesBelow(join(repository, path))).sort();
  const lines = files.map((file) => `${sha256(readFileSync(file))}  ${relative(repository, file)}\n`);
  return sha256(lines.join("")).slice(0, 16);
}

function filesBelow(folder: string): string[] {
  if (statSync(folder).isFile()) return [folder];
  if (basename(folder) === "node_modules" || basename(folder) === "dist") return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesBelow(path);
    return entry.isFile() && !entry.name.endsWith(".md") ? [path] : [];
  });
}

function sha256(data: Buffer | string): string {
  return createHash("sha256").update(data).digest("hex");
}
