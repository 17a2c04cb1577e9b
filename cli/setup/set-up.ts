import type { FarmConfig } from "../../infra/config/schema";
import type { Context } from "../context/context";
import { expectedMode } from "../hypervisor/system";
import { checkConfiguration, decryptedConfiguration } from "./check/configuration";
import { setUpContainerImages } from "./images/container";
import { setUpGuestImages } from "./images/guest";
import { setUpPackages, setUpPasta } from "./packages";
import { setUpStack } from "./stack";
import { setUpToolchain } from "./toolchain/toolchain";
import type { Step } from "./tools/tools";

/** Runs one step, with its line. */
export async function runStep(context: Context, name: string, work: (step: Step) => Promise<string>): Promise<void> {
  await context.report.step(name, (progress) => work({ context, progress }));
}

/**
 * Installs and builds everything that a farm needs on this machine. An invalid configuration is refused before any change.
 *
 * @returns the configuration
 * @throws FarmError
 */
export async function setUpAll(context: Context): Promise<FarmConfig> {
  const checked = await checkConfiguration(context);
  await setUpTools(context);
  await runStep(context, "stack", setUpStack);
  const config = checked ?? (await decryptedConfiguration(context));
  if (config.network.egress && (await expectedMode(context)) === "isolated")
    await runStep(context, "pasta", setUpPasta);
  await setUpImages(context, config);
  return config;
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
