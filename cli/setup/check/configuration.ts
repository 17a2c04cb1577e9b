import { checkHost, checkSystem } from "../../../infra/config/host-check";
import { ConfigError } from "../../../infra/config/problem";
import { parsePulumiConfig, type Config } from "../../../stacks/config";
import type { Context } from "../../context/context";
import { loadConfiguration, refused } from "../../context/configuration";
import { expectedMode } from "../../hypervisor/system";
import { pulumiAnswer } from "../../pulumi/answer";
import { memoryMiB, networksHere, runsHere } from "./host-facts";

type Farm = Pick<Context, "stack" | "repository" | "folders" | "environment" | "isolated">;

/**
 * Checks Pulumi.STACK.yaml, the files that it names and the resources of this machine, without Pulumi and before any change.
 * The program checks encrypted values, and keys of an environment of Pulumi ESC.
 *
 * @returns undefined if it cannot be read without Pulumi
 * @throws FarmError with every problem at once
 */
export async function checkConfiguration(farm: Farm): Promise<Config | undefined> {
  const config = loadConfiguration(farm);
  if (config === undefined) return undefined;
  const isSystem = (await expectedMode(farm)) === "system";
  // An isolated libvirt has networks of its own.
  const networks = isSystem ? networksHere(farm.stack) : [];
  const problems = [
    ...(isSystem ? checkSystem(config) : []),
    ...(runsHere(config) ? checkHost(config, { memoryMiB: memoryMiB(), networks }) : []),
  ];
  return refused(() => {
    if (problems.length > 0) throw new ConfigError(problems);
    return config;
  });
}

/** The configuration with decrypted values, from Pulumi. @throws FarmError */
export async function decryptedConfiguration(farm: Omit<Farm, "isolated">): Promise<Config> {
  const answer = await pulumiAnswer(farm, "config", "--json", "--show-secrets");
  return refused(() => parsePulumiConfig(answer));
}
