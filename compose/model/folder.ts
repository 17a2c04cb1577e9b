import { closeSync, fstatSync, openSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { constants } from "node:fs";
import { isAbsolute, join, normalize, relative, sep } from "node:path";

/** Result of reading a path, or its problem. */
export type FileRead =
  | { readonly kind: "file"; readonly bytes: Buffer }
  | { readonly kind: "folder"; readonly path: string }
  | { readonly kind: "problem"; readonly reason: string; readonly isMissing: boolean };

const missing = "there is no such file";

/** Reads files that a compose file names: never outside of the project, by `..`, by an absolute path or by a link. */
export class Folder {
  /** Where contexts of builds, and what a path leads to by `..`, may be. */
  readonly #project: string;

  /** @param project where the configuration is, if the folder is in it; default: the folder alone */
  constructor(
    readonly root: string,
    project = root,
  ) {
    this.#project = isWithin(root, project) ? project : root;
  }

  read(path: string): FileRead {
    return this.#read(path, this.root, "folder");
  }

  /**
   * As `read`, and beside the folder where the path itself leads out of it: people keep compose files in a folder of their own. A link
   * in the folder never does, which nobody sees in the compose file.
   */
  readAround(path: string): FileRead {
    return this.isOutside(path) && this.#project !== this.root ? this.readInProject(path) : this.read(path);
  }

  /** As `read`, and beside the folder too, also by a link: people keep compose files in a folder beside what they build. */
  readInProject(path: string): FileRead {
    return this.#read(path, this.#project, "project");
  }

  /** Whether a path leads out of the folder. */
  isOutside(path: string): boolean {
    return !isWithin(join(this.root, path), this.root);
  }

  #read(path: string, boundary: string, noun: string): FileRead {
    const inside = normalize(path);
    if (isAbsolute(path)) return problem(`'${path}' is an absolute path of this machine`);
    if (!isWithin(join(this.root, inside), boundary)) return problem(`'${path}' is outside of the ${noun}`);
    try {
      const real = realpathSync(join(this.root, inside));
      if (!isWithin(real, realpathSync(boundary))) return problem(`'${path}' leads outside of the ${noun} by a link`);
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

function isWithin(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== ".." && !way.startsWith(`..${sep}`);
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
