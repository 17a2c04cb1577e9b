import { basename } from "node:path";
import type { FarmConfig } from "../../../infra/config/schema";
import { containerImage, inputsOf, type ContainerImage } from "../../../infra/images/container";
import { preloadedImages } from "../../../infra/images/guest-content";

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
