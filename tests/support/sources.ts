import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

/** The top of the repository. */
export const repository = join(__dirname, "..", "..");

/** A TypeScript file of the program, named from the top of the repository. */
export interface Source {
  readonly path: string;
  readonly text: string;
  /** Its lines, the end of the last one not counted as another. */
  readonly lines: number;
}

/** All files with the program's own code below some folders, and some files by name. */
export function sources(...folders: readonly string[]): Source[] {
  return folders.flatMap((folder) => filesAt(join(repository, folder))).map(sourceAt);
}

function filesAt(folder: string): string[] {
  if (folder.endsWith(".ts")) return [folder];
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => join(entry.parentPath, entry.name));
}

function sourceAt(file: string): Source {
  const text = readFileSync(file, "utf8");
  return { path: relative(repository, file), text, lines: text.trimEnd().split("\n").length };
}
