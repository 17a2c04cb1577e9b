import { homedir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { checkLaws } from "./laws";
import { ConfigError, type Problem } from "./problem";
import { FarmConfig } from "./schema";

/** Folders of the machine that runs Pulumi: see setup/paths.sh, which uses the same. */
export interface Folders {
  /** What can be made again: images, mostly. */
  readonly cache: string;
  /** What belongs to this farm: its ssh files. */
  readonly state: string;
}

/** Everything the program starts from. */
export interface Settings {
  readonly config: FarmConfig;
  /** The stack's name; it names everything that could collide with another farm's. */
  readonly farm: string;
  readonly folders: Folders;
}

/**
 * Reads the configuration: the only place that looks at `pulumi.Config` and the environment.
 *
 * @throws ConfigError with every problem at once, before any resource exists
 */
export function loadSettings(): Settings {
  const raw = readConfig(new pulumi.Config());
  const farm = pulumi.getStack();
  return { config: parseConfig(raw), farm, folders: foldersOf(farm) };
}

/**
 * Checks shape first and the rules between fields after, and fills in defaults.
 *
 * @throws ConfigError
 */
export function parseConfig(raw: unknown): FarmConfig {
  const result = FarmConfig.safeParse(raw);
  if (!result.success) throw new ConfigError(result.error.issues.flatMap((issue) => problemsOf(issue, raw)));
  const problems = checkLaws(result.data);
  if (problems.length > 0) throw new ConfigError(problems);
  return result.data;
}

/** Every key of the schema that is set. Pulumi cannot list the keys of a project, so that unknown ones are found here. */
function readConfig(config: pulumi.Config): Record<string, unknown> {
  const prefix = `${pulumi.getProject()}:`;
  const all = pulumi.runtime.allConfig();
  const keys = Object.keys(all).filter((key) => key.startsWith(prefix));
  return Object.fromEntries(keys.map((key) => [key.slice(prefix.length), config.requireObject(key.slice(prefix.length))]));
}

/** One issue of zod's in our form; an unknown key is told with its own path, and a value as it was given. */
function problemsOf(issue: z.core.$ZodIssue, raw: unknown): Problem[] {
  const path = issue.path.map(String);
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({ path: [...path, key].join("."), message: "is no known key; see docs/configuration.md" }));
  }
  const value = valueAt(raw, path);
  const got = value === undefined ? "is missing" : `is ${JSON.stringify(value)}`;
  return [{ path: path.join(".") || "(top)", message: `${got}; ${issue.message}` }];
}

function valueAt(raw: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (at, key) => (typeof at === "object" && at !== null ? Object.entries(at).find(([k]) => k === key)?.[1] : undefined),
    raw,
  );
}

function foldersOf(farm: string): Folders {
  const { XDG_CACHE_HOME, XDG_STATE_HOME } = process.env;
  return {
    cache: join(XDG_CACHE_HOME ?? join(homedir(), ".cache"), "swarm-farm"),
    state: join(XDG_STATE_HOME ?? join(homedir(), ".local", "state"), "swarm-farm", farm),
  };
}
