import { parseWith, type ConfigSurface } from "./parse";
import { ConfigError } from "./problem";
import type { FarmConfig } from "./schema";

/** A valid configuration, with the files that it names. */
export interface Checked<Config extends FarmConfig = FarmConfig> {
  readonly config: Config;
  /** Contents of these files, by the key of the stack that uses them. */
  readonly files: Readonly<Record<string, unknown>>;
  /** Paths of values that are secret. */
  readonly secrets?: readonly string[];
}

/**
 * Checks keys, the rules between them, and the files that they name.
 *
 * @param raw    keys and values of the Pulumi stack's configuration, without the project's name
 * @param folder to which paths in the configuration are relative
 * @param secrets paths of values that are secret. Default: none
 * @throws ConfigError with every problem at once
 */
export function checkConfig<Config extends FarmConfig>(
  raw: unknown,
  folder: string,
  surface: ConfigSurface<Config>,
  secrets: readonly string[] = [],
): Checked<Config> {
  const config = parseWith(raw, surface);
  const { files, problems } = surface.read(config, folder, secrets);
  if (problems.length > 0) throw new ConfigError(problems);
  return { config, files, secrets };
}
