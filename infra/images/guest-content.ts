import { readFileSync } from "node:fs";
import { join } from "node:path";
import { inputsOf, type Recipes } from "./container";
import { contentHash, repository } from "./content";

const recipe = "images/guest";

/**
 * Names what the farm's own guest image is built from: its recipe, and the recipes of the container images in its Docker
 * store.
 */
export function guestContent(recipes: Recipes): string {
  return contentHash(recipe, ...preloadedImages().flatMap((name) => inputsOf(name, recipes)));
}

/** Names of the container images in that store, so that no node pulls them; the base first, on which most stand. */
export function preloadedImages(): string[] {
  return readFileSync(join(repository, recipe, "preload"), "utf8").split("\n").filter(Boolean);
}
