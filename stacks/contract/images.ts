import type { NamedImage } from "./entries";

/** The images of other registries among those that a configuration sets, by their keys, e.g. `lamp.php.image`. */
export function copiesOf(images: Readonly<Record<string, string | undefined>>): NamedImage[] {
  return Object.entries(images).flatMap(([at, reference]) => (reference === undefined ? [] : [{ reference, at }]));
}
