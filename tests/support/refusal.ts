import { parseConfig } from "../../stacks/config";
import { ConfigError } from "../../infra/config/problem";

/** A mistake: what it is, the configuration that has it, and the `path: message` it is refused with. */
export type Mistake = readonly [what: string, raw: unknown, problem: string];

/** Problems of a configuration, one `path: message` each. */
export function refusal(raw: unknown): string[] {
  try {
    parseConfig(raw);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(({ path, message }) => `${path}: ${message}`);
    throw error;
  }
  return [];
}
