import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Recipes } from "./container";
import { repository } from "./content";
import { guestContent } from "./guest-content";
import type { ImageConfig } from "../config/schema";
import type { FarmPlan } from "../net/plan";

const recipe = "images/guest";

/** The hash of images/guest in commit 2652d32. */
const formerRecipe = "8e826c36180201e0";

/** What recipe.json says of booting; the rest of it is the build's business. */
const Recipe = z.object({ cmdline: z.string(), cmdlineEmulated: z.string() });

/** The farm's own image: a disk, and the kernel that libvirt boots directly. */
export interface FarmImage {
  readonly kind: "farm";
  /** Names the image in the configuration, whatever the recipe is: `farm`, or `farm-VERSION`. */
  readonly name: string;
  /** Names it in a farm of commit 2652d32, which named images by their content. */
  readonly formerName: string;
  /** Names the content as it is built now: the hash of the recipe and of the container images in its Docker store, and the version. A farm may have an earlier one. */
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
  /** The beginning of its checksum. */
  readonly name: string;
  readonly key: string;
  readonly source: string;
  readonly sha256: string;
}

export type GuestImage = FarmImage | CloudImage;

/** Finds the image of a configuration; the files of the farm's own lie in the cache, put there by `./farm setup`. */
export function guestImage(config: ImageConfig, cache: string, recipes: Recipes): GuestImage {
  if (config.kind === "cloud") {
    const key = config.sha256.slice(0, 16);
    return { ...config, key, name: key };
  }
  const version = config.version ?? config.updated;
  const key = versioned(guestContent(recipes), version);
  const folder = join(cache, "guest", key);
  const { cmdline, cmdlineEmulated } = Recipe.parse(
    JSON.parse(readFileSync(join(repository, recipe, "recipe.json"), "utf8")),
  );
  return {
    kind: "farm",
    name: versioned("farm", version),
    formerName: versioned(formerRecipe, version),
    key,
    disk: join(folder, "disk.qcow2"),
    kernel: join(folder, "vmlinuz"),
    initrd: join(folder, "initrd.img"),
    cmdline,
    cmdlineEmulated,
  };
}

/** The image of each node of a plan, by the node's name. Hashing the recipe takes time, so each image is found once. */
export function guestImages(
  plan: Pick<FarmPlan, "nodes">,
  cache: string,
  recipes: Recipes,
): ReadonlyMap<string, GuestImage> {
  const found = new Map<string, GuestImage>();
  return new Map(
    plan.nodes.map(({ name, image }) => {
      const config = JSON.stringify(image);
      const known = found.get(config) ?? guestImage(image, cache, recipes);
      found.set(config, known);
      return [name, known];
    }),
  );
}

function versioned(name: string, version: string | undefined): string {
  return version === undefined ? name : `${name}-${version}`;
}
