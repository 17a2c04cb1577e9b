import { join } from "node:path";
import type { Recipes } from "./container";
import { guestContent } from "./guest-content";
import { builtImage, cloudImage, type GuestImage } from "./guest-image";
import type { ImageConfig } from "../config/schema";
import type { FarmPlan } from "../net/plan";

/** The hash of images/guest in commit 2652d32. */
const formerRecipe = "8e826c36180201e0";

/** Finds the image of a configuration; the files of the farm's own lie in the cache, put there by `./farm setup`. */
export function guestImage(config: ImageConfig, cache: string, recipes: Recipes): GuestImage {
  if (config.kind === "cloud") return cloudImage(config);
  const { version } = config;
  return {
    ...builtImage(join(cache, "guest", versioned(guestContent(recipes), version))),
    name: versioned("farm", version),
    formerName: versioned(formerRecipe, version),
  };
}

/** The image of each node of a plan, by the node's name. Hashing the recipe takes time, so each image is found once. */
export function guestImages(
  plan: Pick<FarmPlan, "nodes">,
  cache: string,
  recipes: Recipes,
): ReadonlyMap<string, GuestImage> {
  const found = new Map<string, GuestImage>();
  return new Map(
    plan.nodes.map(({ name, image }) => {
      const config = JSON.stringify(image);
      const known = found.get(config) ?? guestImage(image, cache, recipes);
      found.set(config, known);
      return [name, known];
    }),
  );
}

function versioned(name: string, version: string | undefined): string {
  return version === undefined ? name : `${name}-${version}`;
}
