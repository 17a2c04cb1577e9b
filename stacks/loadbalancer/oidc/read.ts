import type { Read } from "../../contract";
import { clearProblems } from "../../contract/credentials";
import { readCa } from "../base/named-files";
import type { OidcConfig } from "./schema";

const path = "loadbalancer.oidc";

/**
 * Reads the certificate of the provider's CA, if the configuration names one, and checks that the client's secret is encrypted.
 *
 * @param secrets paths of values that are secret
 */
export function readProvider(
  config: OidcConfig | undefined,
  folder: string,
  secrets: readonly string[],
): Read<string | undefined> {
  if (!config) return { files: undefined, problems: [] };
  const { files, problems } = readCa(`${path}.ca`, config.ca, folder);
  return { files, problems: [...problems, ...clearProblems(`${path}.clientSecret`, secrets)] };
}
