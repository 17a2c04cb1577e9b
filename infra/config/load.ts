import { readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { certificateProblem } from "./certificate";
import { readContent, type LampContent } from "./content";
import { parseConfig } from "./parse";
import { ConfigError, type Problem } from "./problem";
import type { FarmConfig } from "./schema";

/** The top of the repository: paths in the configuration are relative to it. */
const repository = resolve(__dirname, "..", "..");

/** Folders of the machine that runs Pulumi: see setup/paths.sh, which uses the same. */
export interface Folders {
  /** What can be made again: images, mostly. */
  readonly cache: string;
  /** What belongs to the person: here the key that images are signed with. */
  readonly config: string;
  /** What belongs to this farm: its ssh files. */
  readonly state: string;
}

/** Everything the program starts from. */
export interface Settings {
  readonly config: FarmConfig;
  /** The stack's name; it names everything that could collide with another farm's. */
  readonly farm: string;
  readonly folders: Folders;
  /** What the LAMP stack serves, if it is deployed. */
  readonly content: LampContent | undefined;
  /** The person's own certificate, if there is one. */
  readonly certificate: OwnCertificate | undefined;
}

/** A certificate with its chain and its key, in PEM. */
export interface OwnCertificate {
  readonly cert: string;
  readonly key: string;
}

/**
 * Reads the configuration: the only place that looks at `pulumi.Config` and the environment.
 *
 * @throws ConfigError with every problem at once, before any resource exists
 */
export function loadSettings(): Settings {
  const raw = readConfig();
  const farm = pulumi.getStack();
  const config = parseConfig(raw);
  const content = config.lamp ? readContent("lamp.content", config.lamp.content, repository) : undefined;
  const certificate = ownCertificate(config);
  const problems = [...(content?.problems ?? []), ...certificate.problems];
  if (problems.length > 0) throw new ConfigError(problems);
  return { config, farm, folders: foldersOf(farm), content: content?.content, certificate: certificate.own };
}

function ownCertificate({ loadbalancer }: FarmConfig): { own?: OwnCertificate; problems: readonly Problem[] } {
  const paths = loadbalancer?.certificate;
  if (!paths) return { problems: [] };
  const path = "loadbalancer.certificate";
  const missing = Object.entries(paths).filter(([, file]) => !isFile(resolve(repository, file)));
  if (missing.length > 0) {
    return {
      problems: missing.map(([key, file]) => ({
        path: `${path}.${key}`,
        message: `is '${file}'; there is no such file`,
      })),
    };
  }
  const own = {
    cert: readFileSync(resolve(repository, paths.cert), "utf8"),
    key: readFileSync(resolve(repository, paths.key), "utf8"),
  };
  const problem = certificateProblem(own.cert, own.key, Date.now());
  return problem ? { problems: [{ path, message: `cannot be used: ${problem}` }] } : { own, problems: [] };
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

/** Every key of the schema that is set. Pulumi cannot list the keys of a project, so that unknown ones are found here. */
function readConfig(): Record<string, unknown> {
  const prefix = `${pulumi.getProject()}:`;
  const all = pulumi.runtime.allConfig();
  const keys = Object.keys(all).filter((key) => key.startsWith(prefix));
  return Object.fromEntries(keys.map((key) => [key.slice(prefix.length), valueOf(all[key] ?? "")]));
}

/** Pulumi keeps maps, numbers and the like as JSON; what is none was written as a text. */
function valueOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function foldersOf(farm: string): Folders {
  const { XDG_CACHE_HOME, XDG_CONFIG_HOME, XDG_STATE_HOME } = process.env;
  return {
    cache: join(XDG_CACHE_HOME ?? join(homedir(), ".cache"), "swarm-farm"),
    config: join(XDG_CONFIG_HOME ?? join(homedir(), ".config"), "swarm-farm"),
    state: join(XDG_STATE_HOME ?? join(homedir(), ".local", "state"), "swarm-farm", farm),
  };
}
