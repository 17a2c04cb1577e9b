import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { z } from "zod";

/** The farm's own image: a disk, and the kernel that libvirt boots directly. */
export interface FarmImage {
  readonly kind: "farm";
  /** Its name in resource names, whatever the recipe: `farm`, or `farm-VERSION`. */
  readonly name: string;
  /** Its name in resource names of a farm built by commit 2652d32, for aliases. Default: none */
  readonly formerName?: string;
  /** A hash of the present recipe and of the container images in its Docker store, with the version. A farm may keep an earlier one. */
  readonly key: string;
  readonly disk: string;
  readonly kernel: string;
  readonly initrd: string;
  readonly cmdline: string;
  /** Kernel arguments that are added where it runs without KVM. */
  readonly cmdlineEmulated: string;
}

/** An image that configures itself with cloud-init and boots from its own disk. */
export interface CloudImage {
  readonly kind: "cloud";
  /** The beginning of its checksum. */
  readonly name: string;
  readonly key: string;
  readonly source: string;
  readonly sha256: string;
}

/** The image of a VM: the farm's own image, or a cloud image. */
export type GuestImage = FarmImage | CloudImage;

/** The part of recipe.json about booting; the build reads the rest. */
const Recipe = z.object({ cmdline: z.string(), cmdlineEmulated: z.string() });

/** The kernel command lines of the farm's own image. */
export function bootParameters(): Pick<FarmImage, "cmdline" | "cmdlineEmulated"> {
  const recipe = join(__dirname, "..", "..", "images", "guest", "recipe.json");
  return Recipe.parse(JSON.parse(readFileSync(recipe, "utf8")));
}

/** A cloud image by its source, a path or an http(s) URL of a qcow2 file, and its SHA-256 checksum in hexadecimal. */
export function cloudImage(image: Pick<CloudImage, "source" | "sha256">): CloudImage {
  const key = image.sha256.slice(0, 16);
  return { kind: "cloud", source: image.source, sha256: image.sha256, key, name: key };
}

/**
 * The farm's own image from the folder where `./farm setup` built it, e.g. `~/.cache/swarm-farm/guest/KEY`. The folder's name
 * is the image's key: another folder is another image, and every VM is replaced.
 */
export function builtImage(folder: string): FarmImage {
  return {
    kind: "farm",
    name: basename(folder),
    key: basename(folder),
    disk: join(folder, "disk.qcow2"),
    kernel: join(folder, "vmlinuz"),
    initrd: join(folder, "initrd.img"),
    ...bootParameters(),
  };
}
