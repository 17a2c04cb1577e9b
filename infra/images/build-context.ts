import { createHash } from "node:crypto";
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join, posix } from "node:path";
import ignore from "@balena/dockerignore";

/** The folder of an image that is built, and its Dockerfile, both absolute. */
export interface BuildFolder {
  readonly context: string;
  readonly dockerfile: string;
}

/** Files, links and folders of a build's context by their paths in it, sorted. What its ignore file names is left out. */
export function contextPaths({ context, dockerfile }: BuildFolder): readonly string[] {
  const file = [`${dockerfile}.dockerignore`, join(context, ".containerignore"), join(context, ".dockerignore")].find(
    (each) => existsSync(each),
  );
  const patterns = file === undefined ? "" : readFileSync(file, "utf8");
  const rules = ignore().add(patterns);
  // A pattern with `!` may take back what lies in a folder that is left out.
  const takesBack = /^\s*!/m.test(patterns);
  const below = (folder: string): string[] =>
    readdirSync(join(context, folder), { withFileTypes: true }).flatMap((entry) => {
      const path = posix.join(folder, entry.name);
      const isOut = rules.ignores(path);
      if (entry.isDirectory()) return [...(isOut ? [] : [path]), ...(isOut && !takesBack ? [] : below(path))];
      return isOut || !(entry.isFile() || entry.isSymbolicLink()) ? [] : [path];
    });
  return below("").sort();
}

/** A hash of a context: names, modes and content, but not times, which differ between two clones of a repository. */
export function contextHash(folder: BuildFolder): string {
  const hash = createHash("sha256");
  for (const path of contextPaths(folder)) {
    const full = join(folder.context, path);
    const stat = lstatSync(full);
    const [kind, content] = stat.isSymbolicLink()
      ? ["link", readlinkSync(full)]
      : stat.isDirectory()
        ? ["folder", ""]
        : ["file", readFileSync(full)];
    // A link's mode is always the same.
    const mode = kind === "link" ? "" : (stat.mode & 0o7777).toString(8);
    hash.update(JSON.stringify([path, kind, mode, createHash("sha256").update(content).digest("hex")]));
  }
  return hash.digest("hex");
}
