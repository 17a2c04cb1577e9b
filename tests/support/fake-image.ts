import { createHash, randomBytes } from "node:crypto";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

/** An image as registries have it. */
export interface FakeImage {
  readonly manifest: Buffer;
  /** Of a manifest list: the manifests that it names. */
  readonly instances?: readonly Buffer[];
  readonly blobs: readonly Buffer[];
}

const docker = "application/vnd.docker.distribution.manifest";

export function digestOf(content: Buffer): string {
  return `sha256:${createHash("sha256").update(content).digest("hex")}`;
}

/** A layer with one file of random content. */
export function fakeLayer(kilobytes = 64): Buffer {
  const folder = mkdtempSync(join(tmpdir(), "fake-layer-"));
  try {
    writeFileSync(join(folder, "file"), randomBytes(kilobytes * 1024));
    return execFileSync("tar", ["-C", folder, "-cz", "file"], { maxBuffer: 64 * 1024 ** 2 });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** An image in Docker's format, with a health check, which OCI's has no place for. */
export function fakeImage(layers: readonly Buffer[], architecture = "amd64"): FakeImage {
  const config = json({
    architecture,
    os: "linux",
    config: { Cmd: ["/file"], Healthcheck: { Test: ["CMD", "/file"] } },
    rootfs: { type: "layers", diff_ids: layers.map((layer) => digestOf(gunzipSync(layer))) },
    history: layers.map(() => ({ created_by: "test" })),
  });
  const part = (mediaType: string, blob: Buffer) => ({ mediaType, size: blob.length, digest: digestOf(blob) });
  const manifest = json({
    schemaVersion: 2,
    mediaType: `${docker}.v2+json`,
    config: part("application/vnd.docker.container.image.v1+json", config),
    layers: layers.map((layer) => part("application/vnd.docker.image.rootfs.diff.tar.gzip", layer)),
  });
  return { manifest, blobs: [config, ...layers] };
}

/** A manifest list of images for several architectures. */
export function fakeList(images: Readonly<Record<string, FakeImage>>): FakeImage {
  const all = Object.entries(images);
  const manifest = json({
    schemaVersion: 2,
    mediaType: `${docker}.list.v2+json`,
    manifests: all.map(([architecture, { manifest: each }]) => ({
      mediaType: `${docker}.v2+json`,
      size: each.length,
      digest: digestOf(each),
      platform: { os: "linux", architecture },
    })),
  });
  return {
    manifest,
    instances: all.map(([, { manifest: each }]) => each),
    blobs: all.flatMap(([, { blobs }]) => blobs),
  };
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}
