import { constants } from "node:fs";
import { delimiter, join } from "node:path";
import type { Context } from "../../context/context";
import { canAccess } from "../../base/files";
import { CommandError, run, type Argv } from "../../process/run";
import type { Progress } from "../../report/reporter";

type RunOptions = NonNullable<Parameters<typeof run>[1]>;

/** The environment and log of the programs of a step. */
export interface Step {
  readonly context: Pick<Context, "environment" | "folders" | "repository" | "signal" | "stack">;
  readonly progress: Progress;
}

/**
 * Runs a program of a step; its output goes to the step's log.
 *
 * @returns its standard output
 * @throws CommandError if its status is not 0
 */
export async function runLogged({ context, progress }: Step, argv: Argv, options: RunOptions = {}): Promise<string> {
  const { environment, signal } = context;
  const result = await run(argv, { signal, ...options, env: { ...environment, ...options.env } });
  signal.throwIfAborted();
  // The reporter logs the output of a failed program.
  if (result.status !== 0) throw new CommandError(argv, result);
  const printed = result.stdout + result.stderr;
  if (printed !== "") progress.log(printed);
  return result.stdout;
}

/** The path of a program on PATH, or undefined. */
export function programAt(name: string, { PATH = "" }: Context["environment"]): string | undefined {
  return PATH.split(delimiter)
    .filter(Boolean)
    .map((folder) => join(folder, name))
    .find((file) => canAccess(file, constants.X_OK));
}
