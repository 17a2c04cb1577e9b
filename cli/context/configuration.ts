import { ConfigError, type Problem } from "../../infra/config/problem";
import { readStackFile, StackFileError, type StackFile } from "../../infra/config/stack-file";
import type { Context } from "./context";
import { checkAll, type Config } from "../../stacks/config";
import { FarmError } from "../base/errors";

/**
 * Reads and checks Pulumi.STACK.yaml as the program does, without Pulumi.
 *
 * @returns undefined if it cannot be read without Pulumi: a value that is not plain is encrypted, or keys are in an environment of
 *   Pulumi ESC
 * @throws FarmError with every problem at once
 */
export function loadConfiguration({ repository, stack }: Pick<Context, "repository" | "stack">): Config | undefined {
  return refused(() => {
    const file = readStackFile(repository, stack);
    if (!file.isWhole) return undefined;
    try {
      return checkAll(file.raw, repository, file.secrets).config;
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      const known = readableProblems(file, error.problems);
      if (known.length > 0) throw new ConfigError(known);
      return undefined;
    }
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
