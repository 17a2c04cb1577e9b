import { counted } from "../../../infra/config/counted";
import { copiedImage, isCopied, type CopiedImage } from "../../../infra/images/copied";
import { FarmError } from "../../base/errors";
import { duration } from "../../report/reporter";
import type { Step } from "../tools/tools";
import { Copier, megabytesOf } from "./copy";

/**
 * Treatment of images of other registries:
 * - `copy`: those that the cache lacks are copied.
 * - `pull`: their tags are looked up again first.
 * - `report`: nothing is copied, and no request is made.
 */
export type Copying = "copy" | "pull" | "report";

/** An image that the configuration names, and where. */
interface Named {
  readonly reference: string;
  readonly at: string;
}

/** The digests that the farm has, by reference; read only if the cache lacks one. */
type Known = () => Promise<ReadonlyMap<string, string>>;

/**
 * Copies images of other registries into the cache, on this machine's own network.
 *
 * @returns a note with the images that were copied, or would be
 * @throws FarmError with every image that cannot be copied
 */
export async function setUpCopies(step: Step, named: readonly Named[], how: Copying, known: Known): Promise<string> {
  const { cache } = step.context.folders;
  const images = distinct(named, cache);
  const copier = new Copier(step);
  const unknown = images.some(({ image }) => image.digest === undefined);
  const digests = how !== "pull" && unknown ? await known() : new Map<string, string>();
  const lines: string[] = [];
  const problems: string[] = [];
  for (const { image, at, written } of images) {
    const digest = how === "pull" ? undefined : (image.digest ?? digests.get(image.reference));
    if (digest !== undefined && image.digest !== digest) copier.record(image, digest);
    const isThere = digest !== undefined && isCopied({ ...image, digest }, cache);
    if (isThere) continue;
    if (how === "report") {
      lines.push(`${written}: './farm up' copies it`);
      continue;
    }
    try {
      const line = await copyOne(step, copier, image, digest);
      if (line !== undefined) lines.push(`${written} ${line}`);
    } catch (error) {
      if (!(error instanceof FarmError)) throw error;
      problems.push(`${at}: image '${written}': ${error.message}`);
    }
  }
  if (problems.length === 1) throw new FarmError(problems[0] ?? "");
  if (problems.length > 1)
    throw new FarmError([`${counted(problems.length, "image")} cannot be copied:`, ...problems].join("\n  "));
  const count = how === "report" ? `${String(lines.length)} to copy` : `${String(lines.length)} copied`;
  return [`${count}, ${String(images.length - lines.length)} unchanged`, ...lines].join("\n");
}

/** @returns what was copied; undefined if the tag stands for what was copied before */
async function copyOne(
  { context, progress }: Step,
  copier: Copier,
  image: CopiedImage,
  digest: string | undefined,
): Promise<string | undefined> {
  const started = Date.now();
  progress.now(`looking up ${image.reference}`);
  const found = await copier.find(image, digest);
  if (isCopied({ ...image, digest: found.digest }, context.folders.cache)) {
    copier.record(image, found.digest);
    return image.digest === found.digest ? undefined : "is another image now";
  }
  const missing = copier.missing(found);
  const size = megabytesOf(missing);
  progress.now(`copying ${image.reference}: ${counted(missing.length, "layer")}, ${size}`);
  await copier.copy(image, found);
  copier.record(image, found.digest);
  return `${found.digest.slice(7, 19)} ${size} ${duration((Date.now() - started) / 1000)}`;
}

/** Each image once, where it is named first. */
function distinct(named: readonly Named[], cache: string) {
  const all = named.map(({ reference, at }) => ({ image: copiedImage(reference, cache), at, written: reference }));
  return all.filter(({ image }, i) => all.findIndex((other) => other.image.reference === image.reference) === i);
}
