import { existsSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { contentHash, repository } from "./content";

/** Folders with the recipes of container images, by image name; relative ones to the repository. */
export type Recipes = Readonly<Record<string, string>>;

/** Recipes of images that every farm has, whatever runs on it. */
export const farmRecipes: Recipes = { base: "images/base", registry: "images/registry" };

/** A container image that `./farm setup` built and signed. */
export interface ContainerImage {
  readonly name: string;
  /** Carries the content of the recipe and of all it stands on; another content is another image. */
  readonly key: string;
  /** The image as skopeo's `dir:` has it: manifest, layers, signature. */
  readonly layout: string;
  /** What Docker calls it where it is loaded without a registry. */
  readonly reference: string;
  /** The same as `docker load` reads it; only the registry's own has one. */
  readonly archive: string;
}

/**
 * Finds an image by its recipe, without looking whether `./farm setup` built it: a preview needs none.
 *
 * @throws Error where no recipe has the name
 */
export function containerImage(name: string, cache: string, recipes: Recipes): ContainerImage {
  const key = contentHash(...inputsOf(name, recipes));
  const layout = join(cache, "images", `${name}-${key}`);
  // The registry part is the node itself, where nothing listens: Docker must take the image that was loaded.
  return { name, key, layout, reference: `localhost/swarm-farm/${name}:${key}`, archive: `${layout}.tar.zst` };
}

/**
 * The folder of an image's recipe.
 *
 * @throws Error where no recipe has the name
 */
export function recipeFolder(name: string, recipes: Recipes): string {
  const folder = recipes[name];
  if (folder === undefined)
    throw new Error(`the image '${name}' has no recipe; recipes: ${Object.keys(recipes).sort().join(", ")}`);
  return resolve(repository, folder);
}

/** What an image's content follows from: its recipe, how recipes are built, and what its file `inputs` names besides. */
export function inputsOf(name: string, recipes: Recipes): string[] {
  const folder = relative(repository, recipeFolder(name, recipes));
  const file = join(repository, folder, "inputs");
  const more = existsSync(file) ? readFileSync(file, "utf8").split("\n").filter(Boolean) : [];
  return [folder, "images/build", ...more];
}
