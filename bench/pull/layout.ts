import { createHash } from "node:crypto";
import {
  copyFileSync,
  createReadStream,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { output } from "../../cli/process/run";
import { sum } from "../sum";
import { compressors, type Encoding } from "./encodings";

const Descriptor = z.looseObject({ mediaType: z.string(), digest: z.string(), size: z.number() });
const Manifest = z.looseObject({ config: Descriptor, layers: z.array(Descriptor) });

/** A layer or the configuration of an image. */
export type Descriptor = z.infer<typeof Descriptor>;
/** The part of an image's manifest that is read here, and the rest as it is. */
export type Manifest = z.infer<typeof Manifest>;

/** The manifest of an image in skopeo's `dir:` format. @param layout its folder */
export function manifestOf(layout: string): Manifest {
  return Manifest.parse(JSON.parse(readFileSync(join(layout, "manifest.json"), "utf8")));
}

/** The digest of an image, by which nodes pull it. @param layout its folder */
export function digestOf(layout: string): string {
  return `sha256:${createHash("sha256")
    .update(readFileSync(join(layout, "manifest.json")))
    .digest("hex")}`;
}

/** The file of a layer in skopeo's `dir:` format. */
export function fileOf(layout: string, { digest }: Pick<Descriptor, "digest">): string {
  return join(layout, digest.replace(/^sha256:/, ""));
}

/** Layers that are no other image's, in order. @param base layers of the image below */
export function ownLayers(layers: readonly Descriptor[], base: readonly Descriptor[]): readonly Descriptor[] {
  return layers.filter(({ digest }) => !base.some((each) => each.digest === digest));
}

/** Bytes of layers as they are kept and sent. */
export function sizeOf(layers: readonly Descriptor[]): number {
  return sum(layers.map(({ size }) => size));
}

/** A manifest with some layers in another encoding. @param others the new ones by the digest of the former */
export function withLayers(manifest: Manifest, others: ReadonlyMap<string, Descriptor>): Manifest {
  return { ...manifest, layers: manifest.layers.map((layer) => others.get(layer.digest) ?? layer) };
}

/**
 * Writes an image with its own layers in another encoding; the content, and so the configuration, is the same.
 *
 * @param base   the image below, whose layers stay as they are
 * @param folder of the new image; one that is there is kept
 */
export async function encoded(layout: string, base: string, encoding: Encoding, folder: string): Promise<void> {
  // Written last.
  if (existsSync(join(folder, "manifest.json"))) return;
  mkdirSync(folder, { recursive: true });
  const manifest = manifestOf(layout);
  const own = ownLayers(manifest.layers, manifestOf(base).layers);
  const others = new Map<string, Descriptor>();
  for (const layer of own) {
    const written = join(folder, "written");
    const script = `set -o pipefail; zstd -q -d -c "$1" | ${compressors[encoding].command} >"$2"`;
    await output(["bash", "-c", script, "bash", fileOf(layout, layer), written]);
    const digest = `sha256:${await sha256(written)}`;
    const { mediaType } = compressors[encoding];
    others.set(layer.digest, { ...layer, mediaType, digest, size: statSync(written).size });
    renameSync(written, fileOf(folder, { digest }));
  }
  const kept = [manifest.config, ...manifest.layers.filter(({ digest }) => !others.has(digest))];
  for (const each of kept) copyFileSync(fileOf(layout, each), fileOf(folder, each));
  copyFileSync(join(layout, "version"), join(folder, "version"));
  writeFileSync(join(folder, "manifest.json"), JSON.stringify(withLayers(manifest, others)));
}

async function sha256(file: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest("hex");
}
