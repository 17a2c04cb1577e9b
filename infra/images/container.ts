import { join } from "node:path";
import { contentHash } from "./content";

/** A container image that `./farm setup` built: its name in Docker, and the archive it comes in. */
export interface ContainerImage {
  readonly name: string;
  /** Carries the content of the recipe; another content is another reference. */
  readonly reference: string;
  readonly archive: string;
}

/**
 * Finds an image built from `images/<name>`. The registry part is the node itself, where nothing listens: Docker must
 * take the image that was loaded, and never one of the same name from somewhere else.
 */
export function containerImage(name: string, cache: string): ContainerImage {
  const hash = contentHash(`images/${name}`);
  return { name, reference: `localhost/swarm-farm/${name}:${hash}`, archive: join(cache, "images", `${name}-${hash}.tar`) };
}
