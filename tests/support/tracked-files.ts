import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { repository } from "./sources";

/** A file of the repository, named from its top. */
export interface TrackedFile {
  readonly path: string;
  readonly text: string;
}

/** Every file that git has, and those that it would add. */
export function trackedFiles(): TrackedFile[] {
  return execFileSync("git", ["ls-files", "-co", "--exclude-standard"], { cwd: repository, encoding: "utf8" })
    .split("\n")
    .filter(Boolean)
    .flatMap((path) => {
      const text = readIfThere(join(repository, path));
      return text === undefined ? [] : [{ path, text }];
    });
}

/** A file that is deleted but not yet committed is listed by git. */
function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
