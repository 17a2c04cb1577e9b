import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename, dirname, join } from "node:path";
import { z } from "zod";
import type { FarmConfig } from "../../../infra/config/schema";
import type { ContainerImage } from "../../../infra/images/container";
import { atMost } from "../../base/at-most";
import { needSpace } from "../../base/space";
import { isUnused, markUsed } from "../../base/last-used";
import { needGo } from "../toolchain/go";
import { runLogged, type Step } from "../tools/tools";
import { baseImage, buildArguments, wantedImages, type WantedImage } from "./recipes";
import { signingKey, withSigningHome, type SigningKey } from "./signing-key";

/**
 * Builds the missing container images of a farm, signed with the key of this machine: the base, then as many at once as the machine has
 * processors, since a build uses little more than one.
 *
 * @returns a note with how many were built, and the compressed size of each
 */
export async function setUpContainerImages(step: Step, config: FarmConfig): Promise<string> {
  const { cache } = step.context.folders;
  const images = wantedImages(config, cache);
  const base = baseImage(cache);
  mkdirSync(join(cache, "images"), { recursive: true });
  const key = await signingKey(step);
  const missing = images.filter((image) => !isBuilt(image, key));
  for (const image of images.filter((each) => !missing.includes(each))) markUsed(image.layout, Date.now());
  if (missing.some(({ needsGo }) => needsGo)) await needGo(step);
  const building = new Set<string>();
  const buildOne = async (image: WantedImage) => {
    needSpace(cache, 3000, "building images");
    building.add(image.name);
    step.progress.now(`building ${[...building].join(", ")}`);
    await build(step, image, key, base.layout);
    building.delete(image.name);
  };
  const isBase = ({ name }: WantedImage) => name === base.name;
  await atMost(1, missing.filter(isBase), buildOne);
  await atMost(
    availableParallelism(),
    missing.filter((image) => !isBase(image)),
    buildOne,
  );
  const sizes = images.map(({ name, layout }) => `${name} ${String(sizeMB(layout, base.layout))}`);
  return `${String(missing.length)} built, ${String(images.length - missing.length)} unchanged · MB: ${sizes.join(", ")}`;
}

async function build(step: Step, image: WantedImage, key: SigningKey, base: string): Promise<void> {
  const program = join(step.context.repository, "images", "build");
  await withSigningHome(step, key, async (home) => {
    await runLogged(step, [program, ...buildArguments(image, home)], { env: { BASE: base } });
  });
  copyFileSync(key.publicKey, `${image.layout}.pub`);
  forgetOlder(image);
}

/** Whether this key signed an image; other images are built again. */
export function isBuilt({ layout }: Pick<ContainerImage, "layout">, { publicKey }: SigningKey): boolean {
  const signedBy = `${layout}.pub`;
  return (
    existsSync(join(layout, "manifest.json")) &&
    existsSync(signedBy) &&
    readFileSync(signedBy).equals(readFileSync(publicKey))
  );
}

/**
 * How long a build is kept that no setup has used: a farm of another clone may be built from it at this moment, and that clone's next
 * `preview` would build it again.
 */
const keptDays = 7;

/**
 * Removes builds of other recipes of an image that no setup has used for `keptDays`.
 *
 * @param now in milliseconds since 1970
 */
export function forgetOlder({ name, layout }: Pick<ContainerImage, "name" | "layout">, now = Date.now()): void {
  const folder = dirname(layout);
  const current = basename(layout);
  const isUsed = (build: string) => existsSync(build) && !isUnused(build, keptDays, now);
  for (const file of readdirSync(folder)) {
    const [, of] = /^(.+-[0-9a-f]{16})(\.tar\.zst|\.pub)?$/.exec(file) ?? [];
    if (of === undefined || of === current || of.slice(0, -17) !== name || isUsed(join(folder, of))) continue;
    rmSync(join(folder, file), { recursive: true, force: true });
  }
}

const Manifest = z.object({ layers: z.array(z.object({ digest: z.string(), size: z.number() })) });

/** The compressed size in MB, for images other than the base without its layer, which nodes have already. */
function sizeMB(layout: string, base: string): number {
  const layersOf = (folder: string) =>
    Manifest.parse(JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8"))).layers;
  const baseLayers = layersOf(base);
  const own = layersOf(layout).filter(({ digest }) => digest !== baseLayers[0]?.digest);
  const bytes = (own.length > 0 ? own : baseLayers).reduce((sum, { size }) => sum + size, 0);
  return Math.round(bytes / 1e5) / 10;
}
