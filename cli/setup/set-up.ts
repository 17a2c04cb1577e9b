import type { FarmConfig } from "../../infra/config/schema";
import type { Context } from "../context/context";
import { foldersWithoutStack } from "../../stacks/catalog";
import { stacks } from "../../stacks/index";
import { expectedMode } from "../hypervisor/system";
import { resourcesOf } from "../pulumi/answer";
import { checkConfiguration, decryptedConfiguration } from "./check/configuration";
import { digestsIn } from "./copies/known";
import { setUpCopies, type Copying } from "./copies/set-up";
import { removeUnusedCopies } from "./copies/unused";
import { setUpContainerImages } from "./images/container";
import { setUpGuestImages } from "./images/guest";
import { setUpBuilds } from "./images/built";
import { builtPluginKeys, wantedBuilds, wantedCopies } from "./images/recipes";
import { setUpPackages, setUpPasta } from "./packages";
import { setUpStack } from "./stack";
import { hasBuiltDockerPlugin } from "./toolchain/homes";
import { replaceDockerPlugin } from "./toolchain/plugins";
import { setUpToolchain } from "./toolchain/toolchain";
import type { Step } from "./tools/tools";

/** Runs one step, with its line. */
export async function runStep(context: Context, name: string, work: (step: Step) => Promise<string>): Promise<void> {
  await context.report.step(name, (progress) => work({ context, progress }));
}

/**
 * Installs, builds and copies everything that a farm needs on this machine. An invalid configuration is refused before any change.
 *
 * @param copying what to do with images of other registries. Default: `copy`
 * @returns the configuration
 * @throws FarmError
 */
export async function setUpAll(context: Context, copying: Copying = "copy"): Promise<FarmConfig> {
  // Before an error about a key that such a stack would have.
  for (const line of foldersWithoutStack(stacks)) context.report.say(line);
  const checked = await checkConfiguration(context);
  await setUpTools(context);
  await runStep(context, "stack", setUpStack);
  const config = checked ?? (await decryptedConfiguration(context));
  await setUpBuiltPlugin(context, config);
  if (config.network.egress && (await expectedMode(context)) === "isolated")
    await runStep(context, "pasta", setUpPasta);
  await setUpImages(context, config);
  await setUpBuiltImages(context, config, copying);
  await setUpCopiedImages(context, config, copying);
  if (copying !== "report") removeCopies(context, config);
  return config;
}

/** Where the official plugin is there, and a service asks for what it cannot set. */
async function setUpBuiltPlugin(context: Context, config: FarmConfig): Promise<void> {
  const [first, ...others] = hasBuiltDockerPlugin(context) ? [] : builtPluginKeys(config, context);
  if (first !== undefined)
    await runStep(context, "docker plugin", (step) => replaceDockerPlugin(step, [first, ...others]));
}

/** Most farms have none, and no line for them. */
async function setUpCopiedImages(context: Context, config: FarmConfig, copying: Copying): Promise<void> {
  const images = wantedCopies(config, context);
  if (images.length === 0) return;
  await runStep(context, "copied images", (step) =>
    setUpCopies(step, images, copying, async () => digestsIn(await resourcesOf(context))),
  );
}

/** Other farms of this machine use the same cache: what they used lately stays. */
function removeCopies(context: Context, config: FarmConfig): void {
  if (config.cleanup.unusedImagesAfterHours === 0) return;
  const used = wantedCopies(config, context).map(({ reference }) => reference);
  const removed = removeUnusedCopies(context.folders.cache, used);
  if (removed !== undefined) context.report.say(removed);
}

/** Those of compose files; a preview builds none. */
async function setUpBuiltImages(context: Context, config: FarmConfig, copying: Copying): Promise<void> {
  const images = wantedBuilds(config, context);
  if (images.length === 0) return;
  await runStep(context, "built images", (step) => setUpBuilds(step, images, copying !== "report"));
}

/** The programs that the farm runs on this machine. */
export async function setUpTools(context: Context): Promise<void> {
  await runStep(context, "packages", setUpPackages);
  await runStep(context, "toolchain", setUpToolchain);
}

/** Builds the images of a configuration: container images first, since the guest image contains some. */
export async function setUpImages(context: Context, config: FarmConfig): Promise<void> {
  await runStep(context, "images", (step) => setUpContainerImages(step, config));
  await runStep(context, "guest image", (step) => setUpGuestImages(step, config));
}
