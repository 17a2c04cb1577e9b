import { checkConfig, type Checked } from "../infra/config/check";
import { parseWith, rawOf } from "../infra/config/parse";
import { stacks } from "./index";
import { surfaceOf, type ConfigInputOf, type ConfigOf } from "./surface";

/** The whole configuration of this repository's farm, with defaults. */
export type Config = ConfigOf<typeof stacks>;

/** The same before defaults are filled in. */
export type ConfigInput = ConfigInputOf<typeof stacks>;

/** Its keys, rules and files. */
export const surface = surfaceOf(stacks);

/**
 * Checks keys and the rules between them, and fills in defaults.
 *
 * @param raw keys and values without the project's name
 * @throws ConfigError with every problem at once
 */
export function parseConfig(raw: unknown): Config {
  return parseWith(raw, surface);
}

/**
 * Reads what `pulumi config --json` prints.
 *
 * @throws ConfigError
 */
export function parsePulumiConfig(json: string): Config {
  return parseConfig(rawOf(json));
}

/**
 * Checks also the files that the configuration names.
 *
 * @param folder  to which their paths are relative
 * @param secrets paths of values that are secret. Default: none
 * @throws ConfigError
 */
export function checkAll(raw: unknown, folder: string, secrets: readonly string[] = []): Checked<Config> {
  return checkConfig(raw, folder, surface, secrets);
}
