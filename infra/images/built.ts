import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { formatPosition, type ComposeBuild } from "../../compose";
import { ProgramError } from "../config/program-error";
import { contextHash, type BuildFolder } from "./build-context";
import { containerImage, type Recipes } from "./container";
import { contentHash } from "./content";
import { fullReference } from "./copied";

/** An image that `./farm up` builds from a folder beside a compose file, and signs. */
export interface BuiltImage extends BuildFolder {
  /** In the farm's registry, e.g. `shop_web`. */
  readonly name: string;
  /** A hash of everything that it is built from, apart from images of other registries: those are the ones that their tags named. */
  readonly key: string;
  /** The image in skopeo's `dir:` format: manifest, layers, signature. */
  readonly layout: string;
  /** Images that it is built from, as the Dockerfile names them. */
  readonly bases: readonly BuildBase[];
}

/** An image that another one is built from. */
export interface BuildBase {
  /** As the Dockerfile names it. */
  readonly written: string;
  /** In the store of the build. */
  readonly reference: string;
  /** The layout of the farm's own image; undefined for one that buildah pulls. */
  readonly layout: string | undefined;
}

/** A context that cannot be read. */
export class ContextError extends ProgramError {
  override readonly name = "ContextError";
}

/** The images of this repository's recipes, as compose files and Dockerfiles name them; they have no tags. */
const ownImage = /^swarm-farm\/([a-z0-9-]+)$/;

/** The recipe of an image; undefined for an image of another registry. */
export function recipeOf(image: string): string | undefined {
  return ownImage.exec(image)?.[1];
}

/**
 * Finds an image by what it is built from. It does not check that `./farm up` built the image, since a preview needs none.
 *
 * @param stack the stack of the compose file
 * @throws ContextError
 */
export function builtImage(stack: string, build: ComposeBuild, cache: string, recipes: Recipes): BuiltImage {
  const name = builtName(stack, build);
  const folder = { context: join(build.folder, build.context), dockerfile: join(build.folder, build.dockerfile) };
  const own = build.bases.flatMap(({ image }) => recipeOf(image) ?? []);
  const parts = [
    contentHash("images/build-context"),
    readable(build, () => contextHash(folder)),
    readFileSync(folder.dockerfile, "utf8"),
    build.args,
    build.target,
    own.map((base) => containerImage(base, cache, recipes).key),
  ];
  const key = shortHash(parts, 16);
  const bases = build.bases.map(({ image }): BuildBase => {
    const recipe = recipeOf(image);
    return recipe === undefined
      ? { written: image, reference: fullReference(image), layout: undefined }
      : {
          written: image,
          reference: `localhost/swarm-farm/${recipe}`,
          layout: containerImage(recipe, cache, recipes).layout,
        };
  });
  return { name, key, layout: join(cache, "images", `${name}-${key}`), bases, ...folder };
}

/** Substitute for the name of a folder without one. */
const unnamed = "image";

/**
 * The name of an image in the farm's registry: the stack's, and that of the folder. Builds that differ in more have a hash of what
 * they are given, so that services with the same build share one image. No other image of the registry has a `_` in its name.
 */
export function builtName(stack: string, { context, dockerfile, args, target }: ComposeBuild): string {
  const segments = context.split("/").map((each) => each.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-"));
  const words = segments.map((each) => each.replaceAll(/^-|-$/g, "")).filter(Boolean).join(".");
  // The folder of the compose file itself has no name that is the same everywhere.
  const noun = words === "" ? unnamed : words;
  const isWhole = context === "." || (words.replaceAll(".", "/") === context && words !== unnamed);
  const isPlain = dockerfile === join(context, "Dockerfile") && target === undefined && Object.keys(args).length === 0;
  const hash = isWhole && isPlain ? "" : `_${shortHash([context, dockerfile, args, target], 6)}`;
  return `${stack}_${noun}${hash}`;
}

function readable<T>(build: ComposeBuild, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const { code = "", path = build.context } = error as NodeJS.ErrnoException;
    throw new ContextError(
      `${formatPosition(build.at)}: the context '${build.context}' cannot be read: '${path}': ${code}; make it readable, or name it in .dockerignore`,
      { cause: error },
    );
  }
}

function shortHash(parts: readonly unknown[], letters: number): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, letters);
}
