import { join } from "node:path";
import { foldersOf } from "../infra/config/folders";
import type { CommandDefinition } from "./command-line/command";
import { endingOf } from "./ending";
import { EndedWith } from "./base/errors";
import { interruptedStatus, onInterrupt } from "./interrupt";
import { openContext } from "./context/open";
import { parse, type Parsed } from "./command-line/parser";
import { removeEmptyAttributes } from "./pulumi/empty-attributes";

/** The parts of the process that `./farm` uses. */
export type Surroundings = Pick<NodeJS.Process, "argv" | "env" | "stdin" | "stdout" | "stderr" | "on" | "off" | "exit">;

/**
 * Runs the command of a command line, and prints the error if it fails.
 *
 * @param load loads the commands; what it throws, such as an entry of stacks/index.ts that is no stack, ends `./farm` as any error
 * @param argv without the program
 * @returns the exit status: 0, 1 where a command is refused or fails, 2 for a wrong command line, 130 after Ctrl-C, else the
 *   status of a program that the command runs
 */
export async function farm(
  load: () => readonly CommandDefinition[],
  argv: readonly string[],
  around: Surroundings,
  repository: string,
): Promise<number> {
  endQuietlyWithoutReader(around);
  const say = (line: string) => around.stderr.write(`${line}\n`);
  try {
    const parsed = parse(load(), argv, around.stdout.columns);
    if (typeof parsed !== "string") return await runCommand(parsed, around, repository, say);
    around.stdout.write(parsed);
    return 0;
  } catch (error) {
    const { status, message } = endingOf(error, join(foldersOf("dev", around.env).cache, "logs"));
    say(`farm: ${message}`);
    return status;
  }
}

async function runCommand(
  { definition, invocation, stack, isolated }: Parsed,
  around: Surroundings,
  repository: string,
  say: (line: string) => void,
): Promise<number> {
  const next = definition.interrupted ?? `./farm ${definition.name} can be run again`;
  const quiet = definition.passesOn === true || next === "";
  const interrupt = onInterrupt(
    around,
    () => {
      if (!quiet) say("farm: interrupted: it ends as soon as it can (Ctrl-C again: at once)");
    },
    () => around.exit(interruptedStatus),
  );
  try {
    const context = openContext({
      stack,
      isolated,
      repository,
      environment: around.env,
      interactive: around.stdin.isTTY && around.stdout.isTTY,
      terminal: around.stderr,
      signal: interrupt.signal,
    });
    removeEmptyAttributes(context);
    await definition.run(context, invocation);
    return 0;
  } catch (error) {
    // A program that had the terminal printed its own reason.
    if (error instanceof EndedWith && (definition.passesOn === true || !interrupt.signal.aborted)) return error.status;
    if (!interrupt.signal.aborted) throw error;
    if (next !== "") say(`farm: '${definition.name}' was interrupted: ${next}`);
    return interruptedStatus;
  } finally {
    interrupt.release();
  }
}

/**
 * A closed standard output (`./farm outputs | head -1`) ends the command, and so does one on a full disk, with a message. A closed standard error does not, so that an update
 * continues.
 */
function endQuietlyWithoutReader({ stdout, stderr, exit }: Surroundings): void {
  stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") exit(0);
    stderr.write(`farm: standard output cannot be written: ${error.message}\n`);
    exit(1);
  });
  stderr.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
}
