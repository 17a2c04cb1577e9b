import { existsSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import type { FarmConfig } from "../../../infra/config/schema";
import type { FarmImage } from "../../../infra/images/guest-image";
import { needSpace } from "../../base/space";
import { runLogged, type Step } from "../tools/tools";
import { guestImageOf, preloaded } from "./recipes";

/** The part of the metadata of a built image that is read here. */
const Manifest = z.object({ os: z.string() });

const bytesPerMiB = 1024 ** 2;

/**
 * Builds the missing guest images of the configuration; their container images are built first.
 *
 * @returns a note with the system, the key and the size of each
 */
export async function setUpGuestImages(step: Step, config: FarmConfig): Promise<string> {
  const { cache } = step.context.folders;
  const images = farmImages(config, cache);
  for (const { disk } of images) {
    const folder = dirname(disk);
    if (existsSync(join(folder, "manifest.json"))) continue;
    needSpace(cache, 4000, "building the guest image");
    step.progress.now("building from Debian packages");
    mkdirSync(dirname(folder), { recursive: true });
    const layouts = preloaded(cache).map(({ layout }) => layout);
    await runLogged(step, [join(step.context.repository, "images", "guest", "build.sh"), folder, ...layouts]);
  }
  return images.length === 0 ? "the configuration's own" : images.map(describe).join(", ");
}

/** The farm's own image in each version that a node has. */
function farmImages(config: FarmConfig, cache: string): FarmImage[] {
  const all = Object.values(config.nodes).map((node) => node.image ?? config.image);
  const distinct = [...new Map(all.map((image) => [JSON.stringify(image), image])).values()];
  const found = distinct.map((image) => guestImageOf(image, cache)).filter((image) => image.kind === "farm");
  return [...new Map(found.map((image) => [image.key, image])).values()];
}

function describe({ key, disk }: FarmImage): string {
  const { os } = Manifest.parse(JSON.parse(readFileSync(join(dirname(disk), "manifest.json"), "utf8")));
  // The allocated size: the disk is sparse.
  const mebibytes = Math.ceil((statSync(disk).blocks * 512) / bytesPerMiB);
  return `${os} ${key.slice(0, 6)}${key.slice(16)} · ${String(mebibytes)} MB`;
}
