import { ConfigError } from "../infra/config/problem";
import { readStackFile, StackFileError } from "../infra/config/stack-file";
import type { Context } from "./context";
import { checkAll, type Config } from "../stacks/config";
import { FarmError } from "./errors";

/**
 * Reads and checks Pulumi.STACK.yaml as the program does, without Pulumi. Encrypted values are not decrypted: problems that
 * concern them are the program's to report.
 *
 * @throws FarmError with every problem at once
 */
export function loadConfiguration(context: Pick<Context, "repository" | "stack">): Config {
  try {
    return checkAll(readStackFile(context.repository, context.stack).raw, context.repository).config;
  } catch (error) {
    if (error instanceof ConfigError || error instanceof StackFileError) throw new FarmError(error.message);
    throw error;
  }
}
