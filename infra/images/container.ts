import { existsSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { contentHash, repository } from "./content";

/** Folders of container images' recipes, by image name; relative paths are relative to the repository. */
export type Recipes = Readonly<Record<string, string>>;

/** Recipes of images that every farm has, whatever its stacks. */
export const farmRecipes: Recipes = { base: "images/base", registry: "images/registry" };

/** A container image that `./farm setup` built and signed. */
export interface ContainerImage {
  readonly name: string;
  /** A hash of the recipe and of everything that it is built from; another hash is another image. */
  readonly key: string;
  /** The image in skopeo's `dir:` format: manifest, layers, signature. */
  readonly layout: string;
  /** Its name in Docker where it is loaded without a registry. */
  readonly reference: string;
  /** The image as an archive for `docker load`; only the registry's image has one. */
  readonly archive: string;
}

/**
 * Finds an image by its recipe. It does not check that `./farm setup` built the image, since a preview needs none.
 *
 * @throws Error where no recipe has the name
 */
export function containerImage(name: string, cache: string, recipes: Recipes): ContainerImage {
  const key = contentHash(...inputsOf(name, recipes));
  const layout = join(cache, "images", `${name}-${key}`);
  // A registry at which nothing listens, so that Docker uses the loaded image.
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

/** Files that determine an image: its recipe, the build program, and the paths in its file `inputs`. */
export function inputsOf(name: string, recipes: Recipes): string[] {
  const folder = relative(repository, recipeFolder(name, recipes));
  const file = join(repository, folder, "inputs");
  const more = existsSync(file) ? readFileSync(file, "utf8").split("\n").filter(Boolean) : [];
  return [folder, "images/build", ...more];
}
