import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { certificateProblem } from "./certificate";
import { readContent, type LampContent } from "./content";
import { parseConfig } from "./parse";
import { ConfigError, type Problem } from "./problem";
import type { FarmConfig } from "./schema";

/** A configuration that is right, with the files that it names. */
export interface Checked {
  readonly config: FarmConfig;
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
 * Checks keys, the rules between them, and the files that they name.
 *
 * @param raw        keys and values of the stack's configuration, without the project's name
 * @param repository the folder to which paths in the configuration are relative
 * @throws ConfigError with every problem at once
 */
export function checkConfig(raw: unknown, repository: string): Checked {
  const config = parseConfig(raw);
  const content = config.lamp ? readContent("lamp.content", config.lamp.content, repository) : undefined;
  const certificate = ownCertificate(config, repository);
  const problems = [...(content?.problems ?? []), ...certificate.problems];
  if (problems.length > 0) throw new ConfigError(problems);
  return { config, content: content?.content, certificate: certificate.own };
}

function ownCertificate(
  { loadbalancer }: FarmConfig,
  repository: string,
): { own?: OwnCertificate; problems: readonly Problem[] } {
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
