import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { z } from "zod";
import type { FarmConfig } from "../../../infra/config/schema";
import type { ContainerImage } from "../../../infra/images/container";
import { needSpace } from "../../base/space";
import { isUnused, markUsed } from "../../base/last-used";
import { needGo } from "../toolchain/go";
import { runLogged, type Step } from "../tools/tools";
import { baseImage, buildArguments, wantedImages } from "./recipes";
import { signingKey, withSigningHome, type SigningKey } from "./signing-key";

/**
 * Builds the missing container images of a farm, signed with the key of this machine.
 *
 * @returns a note with how many were built, and the compressed size of each
 */
export async function setUpContainerImages(step: Step, config: FarmConfig): Promise<string> {
  const { folders, repository } = step.context;
  const images = wantedImages(config, folders.cache);
  const base = baseImage(folders.cache).layout;
  mkdirSync(join(folders.cache, "images"), { recursive: true });
  const key = await signingKey(step);
  let built = 0;
  for (const image of images) {
    if (isBuilt(image, key)) {
      markUsed(image.layout, Date.now());
      continue;
    }
    needSpace(folders.cache, 3000, "building images");
    if (image.needsGo) await needGo(step);
    step.progress.now(`building ${image.name}`);
    const program = join(repository, "images", "build");
    await withSigningHome(step, key, async (home) => {
      await runLogged(step, [program, ...buildArguments(image, home)], { env: { BASE: base } });
    });
    copyFileSync(key.publicKey, `${image.layout}.pub`);
    forgetOlder(image);
    built++;
  }
  const sizes = images.map(({ name, layout }) => `${name} ${String(sizeMB(layout, base))}`);
  return `${String(built)} built, ${String(images.length - built)} unchanged · MB: ${sizes.join(", ")}`;
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
