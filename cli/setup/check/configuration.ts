import { checkHost, checkSystem } from "../../../infra/config/host-check";
import { ConfigError } from "../../../infra/config/problem";
import { readStackFile } from "../../../infra/config/stack-file";
import { checkAll, parsePulumiConfig, type Config } from "../../../stacks/config";
import type { Context } from "../../context/context";
import { refused, unlessEncrypted } from "../../context/configuration";
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
  const file = refused(() => readStackFile(farm.repository, farm.stack));
  if (!file.isWhole) return undefined;
  // An isolated libvirt has networks of its own.
  const mode = await expectedMode(farm);
  const networks = mode === "system" ? networksHere(farm.stack) : [];
  return refused(() =>
    unlessEncrypted(file, () => {
      const { config } = checkAll(file.raw, farm.repository, file.secrets);
      const problems = [
        ...(mode === "system" ? checkSystem(config) : []),
        ...(runsHere(config) ? checkHost(config, { memoryMiB: memoryMiB(), networks }) : []),
      ];
      if (problems.length > 0) throw new ConfigError(problems);
      return config;
    }),
  );
}

/** The configuration with decrypted values, from Pulumi. @throws FarmError */
export async function decryptedConfiguration(farm: Omit<Farm, "isolated">): Promise<Config> {
  const answer = await pulumiAnswer(farm, "config", "--json", "--show-secrets");
  return refused(() => parsePulumiConfig(answer));
}
