import { checkConfig } from "../infra/config/check";
import { ConfigError } from "../infra/config/problem";
import { readStackFile, StackFileError } from "../infra/config/stack-file";
import type { Context } from "./context";
import { stacks } from "../stacks/index";
import { surfaceOf } from "../stacks/surface";
import { FarmError } from "./errors";

/**
 * Reads and checks Pulumi.STACK.yaml as the program does, without Pulumi. Encrypted values are not decrypted: problems that
 * concern them are the program's to report.
 *
 * @throws FarmError with every problem at once
 */
export function loadConfiguration(context: Pick<Context, "repository" | "stack">): ReturnType<typeof check>["config"] {
  try {
    return check(readStackFile(context.repository, context.stack).raw, context.repository).config;
  } catch (error) {
    if (error instanceof ConfigError || error instanceof StackFileError) throw new FarmError(error.message);
    throw error;
  }
}

/** Checks what a file has, with the keys of every stack. */
function check(raw: unknown, folder: string) {
  return checkConfig(raw, folder, surfaceOf(stacks));
}
