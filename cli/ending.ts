import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { FarmError } from "./base/errors";
import { StackError } from "../stacks/contract/error";
import { CommandError } from "./process/run";

/** The exit status and the message of a command that failed. */
export interface Ending {
  readonly status: number;
  readonly message: string;
}

/**
 * Status and message for an error.
 *
 * @param logs a folder for the stack traces of unexpected errors
 */
export function endingOf(error: unknown, logs: string): Ending {
  if (error instanceof FarmError) return { status: error.exitCode, message: error.message };
  if (error instanceof StackError) return { status: 1, message: error.message };
  // Which program failed, and what it printed last.
  if (error instanceof CommandError) return { status: 1, message: error.message };
  const name = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const [line = name] = name.split("\n");
  return {
    status: 1,
    message: `unexpected ${line}; ${writeStack(error, logs)}; ./farm support collects what a report needs`,
  };
}

function writeStack(error: unknown, logs: string): string {
  const file = join(logs, "error.log");
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  try {
    mkdirSync(logs, { recursive: true });
    writeFileSync(file, `${new Date().toISOString()}\n${stack}\n`);
    return `its stack is in ${file}`;
  } catch (reason) {
    return `its stack could not be written to ${file} (${reason instanceof Error ? reason.message : String(reason)})`;
  }
}
