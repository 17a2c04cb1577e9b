import { basename } from "node:path";
import type { FarmConfig, ImageConfig } from "../../../infra/config/schema";
import { containerImage, inputsOf, type ContainerImage } from "../../../infra/images/container";
import { guestImage, type GuestImage } from "../../../infra/images/guest";
import { preloadedImages } from "../../../infra/images/guest-content";

// The one place of `./farm` that knows how recipes are looked up, and how images/build is called.

/** An image that a farm needs, and how it is found. */
export interface WantedImage extends ContainerImage {
  /** Whether its recipe compiles Go. */
  readonly needsGo: boolean;
}

/**
 * The images of a farm: those that its guest image brings along, the base first, on which most stand; then those that its
 * stacks run.
 */
export function wantedImages(config: FarmConfig, cache: string): readonly WantedImage[] {
  return [...new Set([...preloadedImages(), ...imagesOfStacks(config)])].map((name) => wantedImage(name, cache));
}

/** The image that most others stand on. */
export function baseImage(cache: string): ContainerImage {
  return containerImage("base", cache);
}

/** What a node begins with, as the program finds it. */
export function guestImageOf(config: ImageConfig, cache: string): GuestImage {
  return guestImage(config, cache);
}

/**
 * What images/build takes.
 *
 * @param signingHome the GnuPG home of the signing key
 */
export function buildArguments({ name, layout }: ContainerImage, signingHome: string): readonly string[] {
  return [name, layout, signingHome];
}

/** The images in the guest image's Docker store. */
export function preloaded(cache: string): readonly ContainerImage[] {
  return preloadedImages().map((name) => containerImage(name, cache));
}

function wantedImage(name: string, cache: string): WantedImage {
  return { ...containerImage(name, cache), needsGo: inputsOf(name).some((path) => basename(path) === "go.mod") };
}

function imagesOfStacks({ lamp, loadbalancer, visualizer, steward }: FarmConfig): readonly string[] {
  return [
    "hello",
    ...(lamp ? ["nginx", "php", "mysql"] : []),
    ...(loadbalancer ? [loadbalancer.software] : []),
    ...(visualizer ? ["nginx", ...(visualizer.image === undefined ? ["visualizer"] : [])] : []),
    ...(steward ? ["exporter", "prometheus", "steward"] : []),
  ];
}
