import { copyFileSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { formatPosition } from "../../../compose";
import { contextPaths } from "../../../infra/images/build-context";
import { FarmError } from "../../base/errors";
import { needSpace } from "../../base/space";
import { run } from "../../process/run";
import { duration } from "../../report/reporter";
import { hasPolicy, megabytesOf } from "../copies/copy";
import { readManifest } from "../copies/manifest";
import type { Step } from "../tools/tools";
import { markUsed } from "../../base/last-used";
import { forgetOlder, isBuilt } from "./container";
import type { WantedBuild } from "./recipes";
import { signingKey, withSigningHome } from "./signing-key";

/** Lines of a failed build that the message has. */
const lastLines = 10;

/**
 * Builds the images of compose files that the cache lacks, signed with the key of this machine.
 *
 * @param building false: nothing is built, and the note says what would be
 * @returns a note with each image that was built, with its size and how long it took
 * @throws FarmError with the last lines of the first build that fails
 */
export async function setUpBuilds(step: Step, images: readonly WantedBuild[], building: boolean): Promise<string> {
  const key = await signingKey(step);
  const missing = images.filter((image) => !isBuilt(image, key));
  for (const image of images.filter((each) => !missing.includes(each))) markUsed(image.layout, Date.now());
  const lines: string[] = [];
  for (const image of missing) {
    if (!building) {
      lines.push(`${image.name}: './farm up' builds it for ${image.services.join(", ")}`);
      continue;
    }
    const started = Date.now();
    step.progress.now(`building ${image.name}`);
    await withSigningHome(step, key, (home) => build(step, image, home));
    copyFileSync(key.publicKey, `${image.layout}.pub`);
    forgetOlder(image);
    lines.push(`${image.name} ${sizeOf(image)} ${duration((Date.now() - started) / 1000)}`);
  }
  const count = `${String(missing.length)} ${building ? "built" : "to build"}`;
  return [`${count}, ${String(images.length - missing.length)} unchanged`, ...lines].join("\n");
}

async function build(step: Step, image: WantedBuild, signingHome: string): Promise<void> {
  const { environment, folders, repository, signal } = step.context;
  const { name, context, dockerfile, layout } = image;
  needSpace(folders.cache, 3000, `building ${name}`);
  mkdirSync(dirname(layout), { recursive: true });
  const program = join(repository, "images", "build-context");
  const { status, stdout, stderr } = await run([program, name, context, dockerfile, layout, signingHome, ...flagsOf(image)], {
    env: {
      ...environment,
      BASES: image.bases.map((base) => (base.layout === undefined ? "" : `${base.reference}=${base.layout}\n`)).join(""),
      POLICY: hasPolicy(environment) ? "" : join(repository, "images", "accept.json"),
    },
    // Each begins with a folder: tar takes one that begins with a hyphen for an option.
    input: contextPaths(image).map((path) => `./${path}\0`).join(""),
    signal,
  });
  signal.throwIfAborted();
  step.progress.log(stdout + stderr);
  if (status !== 0) throw failure(image, stdout, stderr);
}

/** Flags of `buildah build`: images have their full names, since a machine may have no rule for short ones. */
function flagsOf({ bases, build: { args, target } }: WantedBuild): readonly string[] {
  return [
    ...bases.map(({ written, reference }) => `--build-context=${written}=docker-image://${reference}`),
    ...Object.entries(args).map(([name, value]) => `--build-arg=${name}=${value}`),
    ...(target === undefined ? [] : [`--target=${target}`]),
  ];
}

function failure({ name, services, build: { at } }: WantedBuild, stdout: string, stderr: string): FarmError {
  const last = `${stdout}${stderr}`.trimEnd().split("\n").slice(-lastLines);
  const where = `${formatPosition(at)}: services.${services[0] ?? ""}.build`;
  return new FarmError([`${where}: image '${name}' cannot be built; its build ended with:`, ...last].join("\n  "));
}

function sizeOf({ layout }: WantedBuild): string {
  const read = readManifest(readFileSync(join(layout, "manifest.json"), "utf8"));
  return megabytesOf(read.kind === "image" ? read.manifest.layers : []);
}
