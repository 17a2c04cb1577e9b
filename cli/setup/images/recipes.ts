import { basename } from "node:path";
import type { FarmConfig, ImageConfig } from "../../../infra/config/schema";
import { containerImage, inputsOf, type ContainerImage } from "../../../infra/images/container";
import { guestImage } from "../../../infra/images/guest";
import type { GuestImage } from "../../../infra/images/guest-image";
import { preloadedImages } from "../../../infra/images/guest-content";
import { catalogOf } from "../../../stacks/catalog";
import { stacks } from "../../../stacks/index";
import { recipesOf } from "../../../stacks/plans";

// The one place of `./farm` that knows how recipes are looked up, and how images/build is called.

const { recipes } = catalogOf(stacks);

/** An image that a farm needs, and how it is found. */
export interface WantedImage extends ContainerImage {
  /** The folder of its recipe. */
  readonly recipe: string;
  /** Whether its recipe compiles Go. */
  readonly needsGo: boolean;
}

/**
 * The images of a farm: those that its guest image brings along, the base first, on which most stand; then those that its
 * stacks run.
 */
export function wantedImages(config: FarmConfig, cache: string): readonly WantedImage[] {
  return recipesOf(stacks, { ...config }).map(({ name, folder }) => ({
    ...containerImage(name, cache, recipes),
    recipe: folder,
    needsGo: inputsOf(name, recipes).some((path) => basename(path) === "go.mod"),
  }));
}

/** The image that most others stand on. */
export function baseImage(cache: string): ContainerImage {
  return containerImage("base", cache, recipes);
}

/** What a node begins with, as the program finds it. */
export function guestImageOf(config: ImageConfig, cache: string): GuestImage {
  return guestImage(config, cache, recipes);
}

/**
 * What images/build takes.
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
