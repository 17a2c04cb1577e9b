import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join, relative, resolve } from "node:path";

/** The top of the repository; recipes are named relative to it. */
export const repository = join(__dirname, "..", "..");

/**
 * A short hash of files and folders of the repository, without documentation and installed modules. `./farm setup` keeps
 * a built image under it, where the program finds it.
 */
export function contentHash(...paths: readonly string[]): string {
  return contentHashIn(repository, ...paths);
}

/**
 * A short hash of files and folders below another folder.
 *
 * @param top files are named relative to it, so that the hash does not depend on where it lies
 */
export function contentHashIn(top: string, ...paths: readonly string[]): string {
  const files = paths.flatMap((path) => filesBelow(resolve(top, path))).sort();
  const lines = files.map((file) => `${sha256(readFileSync(file))}  ${relative(top, file)}\n`);
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
