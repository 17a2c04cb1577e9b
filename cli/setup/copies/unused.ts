import { existsSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { counted } from "../../../infra/config/counted";
import { copiedImage, copiesIn } from "../../../infra/images/copied";
import { isUnused, markUsed } from "../../base/last-used";

/**
 * How long the cache keeps a copy that no `up` on this machine has used. Longer than a farm usually rests: without a network, what is
 * removed cannot be copied again.
 */
export const keptDays = 90;

/**
 * Marks copies as used, and removes what no `up` has used for `keptDays`: references, images, and layers that no image has.
 *
 * @param used references of images that the configuration names
 * @param now  in milliseconds since 1970
 * @returns what was removed; undefined if nothing was
 */
export function removeUnusedCopies(cache: string, used: readonly string[], now = Date.now()): string | undefined {
  const { root, records, blobs } = copiesIn(cache);
  markCopies(cache, used, now);
  const isOld = (path: string) => isUnused(path, keptDays, now);
  for (const record of pathsIn(records).filter(isOld)) rmSync(record);
  const named = new Set(pathsIn(records).map((record) => layoutOf(cache, record)));
  const images = pathsIn(join(root, "images")).filter((image) => !named.has(image) && isOld(image));
  const broken = pathsIn(root).filter((path) => path.startsWith(join(root, ".copy-")) && isOld(path));
  for (const path of [...images, ...broken]) rmSync(path, { recursive: true });
  // An image has links to its layers. One without an image is of a copy that broke off, and saves its second try.
  const layers = pathsIn(join(blobs, "sha256")).filter((blob) => statSync(blob).nlink === 1 && isOld(blob));
  const bytes = layers.reduce((sum, layer) => sum + statSync(layer).size, 0);
  for (const layer of layers) rmSync(layer);
  if (images.length === 0 && layers.length === 0) return undefined;
  const what = `${counted(images.length, "copied image")}, ${(bytes / 1e6).toFixed(1)} MB`;
  return `removed from the cache, since no up has used it for ${String(keptDays)} days: ${what}`;
}

function markCopies(cache: string, used: readonly string[], now: number): void {
  for (const { record, digest } of used.map((reference) => copiedImage(reference, cache)))
    for (const path of [record, digest === undefined ? record : copiesIn(cache).layout(digest)])
      if (existsSync(path)) markUsed(path, now);
}

function layoutOf(cache: string, record: string): string {
  return copiesIn(cache).layout(readFileSync(record, "utf8").trim());
}

function pathsIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
}
