import { readFileSync } from "node:fs";
import { join } from "node:path";
import { inputsOf, type Recipes } from "./container";
import { contentHash, repository } from "./content";

const recipe = "images/guest";

/**
 * The hash of everything that the farm's own guest image is built from: its recipe, and the recipes of the container images
 * in its Docker store.
 */
export function guestContent(recipes: Recipes): string {
  return contentHash(recipe, ...preloadedImages().flatMap((name) => inputsOf(name, recipes)));
}

/** Names of the container images in that store, which no node pulls; first the base image of most others. */
export function preloadedImages(): string[] {
  return readFileSync(join(repository, recipe, "preload"), "utf8").split("\n").filter(Boolean);
}
