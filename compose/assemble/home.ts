import { readdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** Whether a path of the home, e.g. `~/data`, is missing or an empty folder, so that a volume in its place loses nothing. */
export function isVacant(path: string, home = homedir()): boolean {
  // Homes of others are nobody's guess.
  if (path !== "~" && !path.startsWith("~/")) return false;
  try {
    return readdirSync(join(home, path.slice(1))).length === 0;
  } catch (error) {
    return typeof error === "object" && error !== null && "code" in error && error.code === "ENOENT";
  }
}
