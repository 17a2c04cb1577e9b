import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The platform of every node. */
export const platform = { os: "linux", architecture: "amd64" } as const;

/** An image of another registry, which `./farm up` copies into the cache. */
export interface CopiedImage {
  /** With registry, and tag or digest, e.g. `docker.io/library/nginx:1.29`. */
  readonly reference: string;
  /** Its name in the farm's registry, e.g. `docker.io.library.nginx.1.29`. */
  readonly name: string;
  /** A file with the digest that the reference stands for. */
  readonly record: string;
  /** That digest, of the image for the nodes' platform; undefined until `./farm up` has looked it up. */
  readonly digest: string | undefined;
}

/** Folders of copies below the cache. */
export function copiesIn(cache: string) {
  const root = join(cache, "images", "copies");
  return {
    root,
    /** A file for each reference. */
    records: join(root, "references"),
    /** Blobs by digest, which all copies share. */
    blobs: join(root, "blobs"),
    /** A copy in skopeo's `dir:` format: its manifest, and links to its blobs. */
    layout: (digest: string) => join(root, "images", digest.replace("sha256:", "")),
  };
}

/** Finds an image of another registry in the cache. It makes no request. */
export function copiedImage(written: string, cache: string): CopiedImage {
  const reference = fullReference(written);
  const hash = createHash("sha256").update(reference).digest("hex").slice(0, 16);
  const record = join(copiesIn(cache).records, hash);
  return { reference, name: nameOf(reference), record, digest: digestIn(record) };
}

/** Whether an image can be pushed without its own registry. */
export function isCopied({ digest }: CopiedImage, cache: string): boolean {
  return digest !== undefined && existsSync(copiesIn(cache).layout(digest));
}

/**
 * A reference as Docker completes it: `nginx:1.29` is `docker.io/library/nginx:1.29`, and `nginx` has the tag `latest`. Of tag and
 * digest the digest stays, which alone says what the image is.
 */
export function fullReference(written: string): string {
  const [before = "", digest] = written.split("@");
  const [first = "", ...rest] = before.split("/");
  const hasHost = rest.length > 0 && (/[.:]/.test(first) || first === "localhost");
  const path = hasHost ? rest.join("/") : before;
  const host = hasHost ? first : "docker.io";
  const full = host === "docker.io" && !path.includes("/") ? `library/${path}` : path;
  const tagged = /:[^/]*$/.test(full) ? full : `${full}:latest`;
  return digest === undefined ? `${host}/${tagged}` : `${host}/${full.replace(/:.*$/, "")}@${digest}`;
}

/** A repository's name of one component, as the cleanup of the farm's registry reads it. */
function nameOf(reference: string): string {
  const words = reference.replace(/@sha256:(.{12}).*$/, ":$1").toLowerCase();
  return words.replaceAll(/[^a-z0-9]+/g, (sign) => (sign === "-" ? "-" : ".")).replaceAll(/^[.-]+|[.-]+$/g, "");
}

function digestIn(record: string): string | undefined {
  const text = existsSync(record) ? readFileSync(record, "utf8").trim() : "";
  return /^sha256:[0-9a-f]{64}$/.test(text) ? text : undefined;
}
