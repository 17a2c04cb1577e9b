import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync } from "node:fs";
import { homedir } from "node:os";
import { basename, join } from "node:path";

const cache = process.env.FARM_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "swarm-farm");

/**
 * The folder with the programs of an image that is built from a Go module, built once for its version by the image's own script; undefined
 * where there is no Go.
 *
 * @param recipe the image's folder, with `context`, `go.mod` and `go.sum`
 */
export function builtRecipe(recipe: string): string | undefined {
  if (spawnSync("go", ["version"]).status !== 0) return undefined;
  const name = basename(recipe);
  const sources = ["context", "go.mod", "go.sum"].map((file) => readFileSync(join(recipe, file)));
  const key = createHash("sha256").update(Buffer.concat(sources)).digest("hex").slice(0, 16);
  const folder = join(cache, `${name}-${key}`);
  if (!existsSync(folder)) {
    mkdirSync(cache, { recursive: true });
    const made = mkdtempSync(join(cache, `.${name}-`));
    execFileSync(join(recipe, "context"), [made], { cwd: recipe, stdio: ["ignore", "ignore", "inherit"] });
    renameSync(made, folder);
  }
  return join(folder, "bin");
}
