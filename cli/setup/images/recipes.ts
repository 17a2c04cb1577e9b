import { basename } from "node:path";
import type { FarmConfig, ImageConfig } from "../../../infra/config/schema";
import { containerImage, inputsOf, type ContainerImage } from "../../../infra/images/container";
import { guestImage } from "../../../infra/images/guest";
import type { GuestImage } from "../../../infra/images/guest-image";
import { preloadedImages } from "../../../infra/images/guest-content";
import { planFarm } from "../../../infra/net/plan";
import { isInFarm } from "../../../infra/net/registry-names";
import { catalogOf } from "../../../stacks/catalog";
import { stacks } from "../../../stacks/index";
import { builtImage, ContextError, type BuiltImage } from "../../../infra/images/built";
import type { StackPlans } from "../../../stacks/contract";
import type { NamedBuild, NamedImage } from "../../../stacks/contract/entries";
import { plansOf, readFiles, recipesOf } from "../../../stacks/plans";
import { FarmError } from "../../base/errors";
import type { Context } from "../../context/context";

// Only this file looks up recipes and calls images/build.

const { recipes } = catalogOf(stacks);

/** An image of a farm, with its recipe. */
export interface WantedImage extends ContainerImage {
  /** The folder of its recipe. */
  readonly recipe: string;
  /** Whether its recipe compiles Go. */
  readonly needsGo: boolean;
}

/**
 * The images of a farm: those in its guest image, beginning with the base of most others, then those of its stacks.
 */
export function wantedImages(config: FarmConfig, cache: string): readonly WantedImage[] {
  return recipesOf(stacks, { ...config }).map(({ name, folder }) => ({
    ...containerImage(name, cache, recipes),
    recipe: folder,
    needsGo: inputsOf(name, recipes).some((path) => basename(path) === "go.mod"),
  }));
}

/** The images of other registries, each with the place where it is named. Those of the farm's own registry are not copied. */
export function wantedCopies(config: FarmConfig, { stack, repository }: Pick<Context, "stack" | "repository">): readonly NamedImage[] {
  return plansFor(config, repository).copies.filter(({ reference }) => !isInFarm(reference, planFarm(config, stack)));
}

/** Where services ask for what only the docker plugin that is built here can set, e.g. `shop.yaml:4: services.web.tty`. */
export function builtPluginKeys(config: FarmConfig, { repository }: Pick<Context, "repository">): readonly string[] {
  return plansFor(config, repository).builtPluginKeys;
}

/** The plans of all stacks, with what the files that the configuration names say. */
function plansFor(config: FarmConfig, repository: string): StackPlans {
  const values = { ...config };
  return plansOf(stacks, values, readFiles(stacks, values, repository).files);
}

/** An image of a compose file's folder, and the services that run it. */
export interface WantedBuild extends BuiltImage, NamedBuild {}

/**
 * The images that are built from folders of compose files.
 *
 * @throws FarmError for a folder that cannot be read
 */
export function wantedBuilds(
  config: FarmConfig,
  { repository, folders }: Pick<Context, "repository" | "folders">,
): readonly WantedBuild[] {
  const { builds } = plansFor(config, repository);
  try {
    return builds.map((each) => ({ ...each, ...builtImage(each.stack, each.build, folders.cache, recipes) }));
  } catch (error) {
    throw error instanceof ContextError ? new FarmError(error.message) : error;
  }
}

/** The base of most other images. */
export function baseImage(cache: string): ContainerImage {
  return containerImage("base", cache, recipes);
}

/** The guest image of a node, found as in the program. */
export function guestImageOf(config: ImageConfig, cache: string): GuestImage {
  return guestImage(config, cache, recipes);
}

/**
 * The arguments of images/build.
 *
 * @param signingHome the GnuPG home of the signing key
 */
export function buildArguments({ name, recipe, layout }: WantedImage, signingHome: string): readonly string[] {
  return [name, recipe, layout, signingHome];
}

/** The images in the guest image's Docker store. */
export function preloaded(cache: string): readonly ContainerImage[] {
  return preloadedImages().map((name) => containerImage(name, cache, recipes));
}
