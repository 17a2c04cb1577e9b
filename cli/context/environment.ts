import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { z } from "zod";
import type { Folders } from "../../infra/config/folders";
import { pulumiVersion } from "../base/manifest";

type Environment = Readonly<Partial<Record<string, string>>>;

interface Farm {
  readonly stack: string;
  readonly repository: string;
  readonly folders: Folders;
}

/**
 * The environment with which plain `pulumi` works on the farm: the tools on PATH, a Pulumi home of the farm's own, the backend
 * and the passphrase. Variables that are set already are kept.
 *
 * @param own the environment of this process
 * @param versionOf prints the version of the `pulumi` on a PATH
 */
export function farmEnvironment(farm: Farm, own: Environment, versionOf = installedPulumi): Environment {
  const { stack, repository, folders } = farm;
  const set = (name: string) => (own[name] === "" ? undefined : own[name]);
  const path = pathWithTools(farm, own.PATH ?? "", versionOf);
  const credentials = set("PULUMI_CREDENTIALS_PATH") ?? set("PULUMI_HOME") ?? join(own.HOME ?? "", ".pulumi");
  return {
    ...own,
    PATH: path,
    PULUMI_STACK: stack,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // Plugins that were built here are not for other projects. A login with Pulumi is kept.
    PULUMI_HOME: set("PULUMI_HOME") ?? join(folders.cache, "pulumi-home"),
    PULUMI_CREDENTIALS_PATH: credentials,
    ...(set("PULUMI_BACKEND_URL") !== undefined || isLoggedIn(credentials)
      ? {}
      : { PULUMI_BACKEND_URL: `file://${join(folders.farms, "pulumi")}` }),
    ...(own.PULUMI_CONFIG_PASSPHRASE !== undefined || set("PULUMI_CONFIG_PASSPHRASE_FILE") !== undefined
      ? {}
      : { PULUMI_CONFIG_PASSPHRASE_FILE: join(folders.config, "passphrase") }),
    // Saves half a second of each run.
    NODE_COMPILE_CACHE: join(folders.cache, "compiled"),
    // Saves nearly as much: most runs end before garbage collection is useful.
    GOGC: set("GOGC") ?? "400",
    NODE_OPTIONS: withPreload(own.NODE_OPTIONS ?? "", repository),
  };
}

/** The folder of the shim `pulumi` that `eval "$(./farm env)"` puts on PATH. */
export function shimFolder(repository: string): string {
  return join(repository, "cli", "bin");
}

/** Node's options with the preload that makes the program start faster (cli/light-runtime.cjs). */
export function withPreload(options: string, repository: string): string {
  const file = join(repository, "cli", "light-runtime.cjs");
  if (options.includes(file)) return options;
  const quoted = `"${file.replaceAll(/["\\]/g, (character) => `\\${character}`)}"`;
  return `${options} --require=${quoted}`.trim();
}

function pathWithTools(farm: Farm, path: string, versionOf: (path: string) => string): string {
  const { repository, folders } = farm;
  const ours = [join(folders.cache, "node", "bin"), join(folders.cache, `pulumi-${pulumiVersion}`, "bin")] as const;
  // The shim would call ./farm again.
  const theirs = path
    .split(delimiter)
    .filter((folder) => folder !== shimFolder(repository) && !(ours as readonly string[]).includes(folder));
  const [node, pulumi] = ours;
  const rest = [node, ...theirs];
  return (isAtLeast(versionOf(theirs.join(delimiter)), pulumiVersion) ? rest : [pulumi, ...rest]).join(delimiter);
}

function installedPulumi(path: string): string {
  const isThere = path.split(delimiter).some((folder) => existsSync(join(folder, "pulumi")));
  if (!isThere) return "";
  return spawnSync("pulumi", ["version"], { encoding: "utf8", env: { ...process.env, PATH: path } }).stdout;
}

/** @param version `v3.259.0`, or anything else, which is older than all */
function isAtLeast(version: string, minimum: string): boolean {
  const numbers = (text: string) => /^v?(\d+)\.(\d+)\.(\d+)/.exec(text.trim())?.slice(1).map(Number);
  const have = numbers(version);
  const need = numbers(minimum);
  if (!have || !need) return false;
  const differing = have.findIndex((number, index) => number !== need[index]);
  return differing < 0 || (have[differing] ?? 0) > (need[differing] ?? 0);
}

const Credentials = z.object({ current: z.string().nullish() });

function isLoggedIn(folder: string): boolean {
  const file = join(folder, "credentials.json");
  if (!existsSync(file)) return false;
  try {
    return Boolean(Credentials.parse(JSON.parse(readFileSync(file, "utf8"))).current);
  } catch {
    return false;
  }
}
