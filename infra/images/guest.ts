import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { repository } from "./content";
import { guestContent } from "./guest-content";
import type { ImageConfig } from "../config/schema";

const recipe = "images/guest";

/** What recipe.json says of booting; the rest of it is the build's business. */
const Recipe = z.object({ cmdline: z.string(), cmdlineEmulated: z.string() });

/** The farm's own image: a disk, and the kernel that libvirt boots directly. */
export interface FarmImage {
  readonly kind: "farm";
  /** Names the content: another recipe or another day's packages are another image. */
  readonly key: string;
  readonly disk: string;
  readonly kernel: string;
  readonly initrd: string;
  readonly cmdline: string;
  /** What the kernel is told besides where it runs without KVM. */
  readonly cmdlineEmulated: string;
}

/** An image that configures itself with cloud-init and boots from its own disk. */
export interface CloudImage {
  readonly kind: "cloud";
  readonly key: string;
  readonly source: string;
  readonly sha256: string;
}

export type GuestImage = FarmImage | CloudImage;

/** Finds the image of a configuration; the files of the farm's own lie in the cache, put there by `./farm setup`. */
export function guestImage(config: ImageConfig, cache: string): GuestImage {
  if (config.kind === "cloud") return { ...config, key: config.sha256.slice(0, 16) };
  const key = [guestContent(), config.updated].filter(Boolean).join("-");
  const folder = join(cache, "guest", key);
  const { cmdline, cmdlineEmulated } = Recipe.parse(
    JSON.parse(readFileSync(join(repository, recipe, "recipe.json"), "utf8")),
  );
  return {
    kind: "farm",
    key,
    disk: join(folder, "disk.qcow2"),
    kernel: join(folder, "vmlinuz"),
    initrd: join(folder, "initrd.img"),
    cmdline,
    cmdlineEmulated,
  };
}
