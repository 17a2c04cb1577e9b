import type { Read } from "../../contract";
import { clearProblems } from "../../contract/credentials";
import { readCa } from "../base/named-files";
import type { AcmeConfig } from "./schema";

const path = "loadbalancer.certificate.acme";

/**
 * Reads the certificate of the directory's CA, if the configuration names one, and checks that credentials are encrypted.
 *
 * @param secrets paths of values that are secret
 */
export function readDirectory(
  config: AcmeConfig | undefined,
  folder: string,
  secrets: readonly string[],
): Read<string | undefined> {
  const ca = readCa(`${path}.ca`, config?.ca, folder);
  const credentials = Object.keys(config?.dns?.settings ?? {});
  return {
    files: ca.files,
    problems: [
      ...ca.problems,
      ...credentials.flatMap((name) => clearProblems(`${path}.dns.settings.${name}`, secrets)),
    ],
  };
}
