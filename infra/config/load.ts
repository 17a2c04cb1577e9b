import { resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { checkConfig, type Checked } from "./check";
import { foldersOf, type Folders } from "./folders";
import type { ConfigSurface } from "./parse";
import type { FarmConfig } from "./schema";
import { readStackFile, StackFileError } from "./stack-file";
import { parseJson, valueOf } from "./value";

/** The top of the repository: paths in the configuration are relative to it. */
const repository = resolve(__dirname, "..", "..");

/** The inputs of the program. */
export interface Settings<Config extends FarmConfig = FarmConfig> extends Checked<Config> {
  /** The Pulumi stack's name: part of every name that could collide with another farm's. */
  readonly farm: string;
  readonly folders: Folders;
}

/**
 * Reads the configuration: the only place that looks at `pulumi.Config` and the environment.
 *
 * @throws ConfigError with every problem at once, before any resource exists
 */
export function loadSettings<Config extends FarmConfig>(surface: ConfigSurface<Config>): Settings<Config> {
  const farm = pulumi.getStack();
  return {
    ...checkConfig(readConfig(), repository, surface, secretPaths(farm)),
    farm,
    folders: foldersOf(farm, process.env),
  };
}

/**
 * Paths of secret values: Pulumi itself tells only which top-level keys have some. Where the stack's file does not tell them
 * apart, e.g. with `--config-file`, everything in such a key is secret.
 */
function secretPaths(farm: string): string[] {
  const prefix = `${pulumi.getProject()}:`;
  // Pulumi sets it for each program, and has no function that reads it.
  const secretKeys = parseJson(process.env.PULUMI_CONFIG_SECRET_KEYS ?? "[]");
  const keys = Array.isArray(secretKeys) ? secretKeys.map(String).filter((key) => key.startsWith(prefix)) : [];
  const known = keys.length > 0 ? pathsInFile(farm) : [];
  return keys.flatMap((key) => {
    const top = key.slice(prefix.length);
    const inside = known.filter((path) => path === top || path.startsWith(`${top}.`));
    return inside.length > 0 ? inside : [top];
  });
}

function pathsInFile(farm: string): readonly string[] {
  try {
    return readStackFile(repository, farm).secrets;
  } catch (error) {
    if (error instanceof StackFileError) return [];
    throw error;
  }
}

/** Every key that is set. Pulumi cannot list the keys of one project, so unknown keys are found here. */
function readConfig(): Record<string, unknown> {
  const prefix = `${pulumi.getProject()}:`;
  const all = pulumi.runtime.allConfig();
  const keys = Object.keys(all).filter((key) => key.startsWith(prefix));
  return Object.fromEntries(keys.map((key) => [key.slice(prefix.length), valueOf(all[key] ?? "")]));
}
