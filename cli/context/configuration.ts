import { ConfigError, type Problem } from "../../infra/config/problem";
import { readStackFile, StackFileError, type StackFile } from "../../infra/config/stack-file";
import type { Context } from "./context";
import { checkAll, type Config } from "../../stacks/config";
import { FarmError } from "../base/errors";

/**
 * Reads and checks Pulumi.STACK.yaml as the program does, without Pulumi. Encrypted values are not decrypted; the program reports
 * their problems.
 *
 * @throws FarmError with every problem at once
 */
export function loadConfiguration(context: Pick<Context, "repository" | "stack">): Config {
  return refused(() => {
    const { raw, secrets } = readStackFile(context.repository, context.stack);
    return checkAll(raw, context.repository, secrets).config;
  });
}

/**
 * Reads a configuration.
 *
 * @throws FarmError with its problems
 */
export function refused<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof ConfigError || error instanceof StackFileError) throw new FarmError(error.message);
    throw error;
  }
}

/** Problems of values that can be read without Pulumi; the program checks encrypted ones. */
export function readableProblems({ secrets }: Pick<StackFile, "secrets">, problems: readonly Problem[]): Problem[] {
  return problems.filter(({ path }) => !secrets.some((secret) => path === secret || path.startsWith(`${secret}.`)));
}
