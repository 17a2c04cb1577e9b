import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { repository } from "./content";

/**
 * The folder of an image's recipe, from the top of the repository: `images/NAME`, `apps/NAME/image` for a program of
 * ours, or `images/NAME` of a stack. `images/recipe` finds the same for the build.
 *
 * @param top the top of the repository
 * @throws if there is none, or more than one
 */
export function recipeFolder(name: string, top = repository): string {
  const stacks = readdirSync(join(top, "stacks")).sort();
  const candidates = [`images/${name}`, `apps/${name}/image`, ...stacks.map((stack) => `stacks/${stack}/images/${name}`)];
  const found = candidates.filter((folder) => existsSync(join(top, folder, "Containerfile")));
  const [recipe, second] = found;
  if (recipe === undefined) {
    throw new Error(
      `image '${name}' has no recipe: a Containerfile is expected in images/${name}, apps/${name}/image or stacks/STACK/images/${name}`,
    );
  }
  if (second !== undefined) throw new Error(`image '${name}' has more than one recipe: ${found.join(", ")}; rename one`);
  return recipe;
}
