import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { contentHash, repository } from "./content";
import { recipeFolder } from "./recipe";

/** A container image that `./farm setup` built and signed. */
export interface ContainerImage {
  /** The image's name, by which `recipeFolder` finds its recipe. */
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

/** Finds the image built from the recipe `name`, without looking whether it is there: a preview needs none. */
export function containerImage(name: string, cache: string): ContainerImage {
  const key = contentHash(...inputsOf(name));
  const layout = join(cache, "images", `${name}-${key}`);
  // The registry part is the node itself, where nothing listens: Docker must take the image that was loaded.
  return { name, key, layout, reference: `localhost/swarm-farm/${name}:${key}`, archive: `${layout}.tar.zst` };
}

/** What an image's content follows from: its recipe, how recipes are built, and what its file `inputs` names besides. */
export function inputsOf(name: string): string[] {
  const recipe = recipeFolder(name);
  const file = join(repository, recipe, "inputs");
  const more = existsSync(file) ? readFileSync(file, "utf8").split("\n").filter(Boolean) : [];
  return [recipe, "images/build", ...more];
}
