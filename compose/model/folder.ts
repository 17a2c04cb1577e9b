import { closeSync, fstatSync, openSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { constants } from "node:fs";
import { isAbsolute, join, normalize, relative, sep } from "node:path";

/** What reading a path gives, or what is wrong with it. */
export type FileRead =
  | { readonly kind: "file"; readonly bytes: Buffer }
  | { readonly kind: "folder"; readonly path: string }
  | { readonly kind: "problem"; readonly reason: string; readonly isMissing: boolean };

const missing = "there is no such file";

/** Reads files that a compose file names: never outside of the folder, by `..`, by an absolute path or by a link. */
export class Folder {
  constructor(readonly root: string) {}

  read(path: string): FileRead {
    const inside = normalize(path);
    if (isAbsolute(path)) return problem(`'${path}' is an absolute path of this machine`);
    if (inside === ".." || inside.startsWith(`..${sep}`)) return problem(`'${path}' is outside of the folder`);
    try {
      const real = realpathSync(join(this.root, inside));
      const fromRoot = relative(realpathSync(this.root), real);
      if (fromRoot === ".." || fromRoot.startsWith(`..${sep}`))
        return problem(`'${path}' leads outside of the folder by a link`);
      if (statSync(real).isDirectory()) return { kind: "folder", path: inside };
      return readRegular(real, path);
    } catch (error) {
      const reason = codeOf(error);
      return { ...problem(`'${path}' cannot be read: ${reason}`), isMissing: reason === missing };
    }
  }

  /** The files below a folder, relative to the root, sorted. */
  filesBelow(path: string): string[] {
    const all = readdirSync(join(this.root, path), { recursive: true, withFileTypes: true });
    return all
      .filter((entry) => !entry.isDirectory())
      .map((entry) => relative(this.root, join(entry.parentPath, entry.name)))
      .sort();
  }
}

function readRegular(real: string, path: string): FileRead {
  // A pipe would wait forever for somebody to write.
  const descriptor = openSync(real, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    if (!fstatSync(descriptor).isFile()) return problem(`'${path}' is no regular file`);
    return { kind: "file", bytes: readFileSync(descriptor) };
  } finally {
    closeSync(descriptor);
  }
}

function problem(reason: string): FileRead & { readonly kind: "problem" } {
  return { kind: "problem", reason, isMissing: false };
}

function codeOf(error: unknown): string {
  const code = typeof error === "object" && error !== null && "code" in error ? String(error.code) : "";
  if (code === "ENOENT") return missing;
  if (code === "EACCES") return "permission denied";
  return code === "ELOOP" ? "its links lead in a circle" : code.toLowerCase() || "unknown error";
}
