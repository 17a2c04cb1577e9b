import type { Problem } from "../../infra/config/problem";

/**
 * A credential that the stack's file has in the clear.
 *
 * @param key of the credential in the configuration
 * @param secrets paths of values that are secret
 */
export function clearProblems(key: string, secrets: readonly string[]): Problem[] {
  if (secrets.some((secret) => key === secret || key.startsWith(`${secret}.`))) return [];
  const message = `is in the clear; remove it from the file, ask the provider for another one, and set that by './farm pulumi config set --path --secret swarm-farm:${key}'`;
  return [{ path: key, message }];
}
