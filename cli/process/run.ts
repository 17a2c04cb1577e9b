import { spawn, type StdioOptions } from "node:child_process";
import { text } from "node:stream/consumers";

/** A program and its arguments. */
export type Argv = readonly [program: string, ...args: string[]];

interface RunOptions {
  /** The working folder. Default: that of this process. */
  readonly cwd?: string;
  /** Added to the environment of this process. Default: none. */
  readonly env?: Readonly<Partial<Record<string, string>>>;
  /** The program's standard input, where secrets go. Default: empty. */
  readonly input?: string;
  /** Ends the program with SIGTERM after this time. Default: no limit. */
  readonly timeoutSeconds?: number;
  /** Ends the program with SIGTERM. Default: nothing does. */
  readonly signal?: AbortSignal;
}

/** How a program ended. */
export interface Result {
  /** Its exit status; 128 + the signal's number if a signal ended it, 127 if there is no such program, as in shells. */
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

const signalNumbers: Readonly<Partial<Record<NodeJS.Signals, number>>> = { SIGINT: 2, SIGKILL: 9, SIGTERM: 15 };

/** Runs a program to its end and returns its output; a status other than 0 is a result, not an error. */
export async function run(argv: Argv, options: RunOptions = {}): Promise<Result> {
  const child = start(argv, options, ["pipe", "pipe", "pipe"]);
  // A program that ends before it has read its input closes the pipe; its status counts, not EPIPE.
  child.stdin?.on("error", () => undefined).end(options.input ?? "");
  const [status, stdout, stderr] = await Promise.all([
    ended(child),
    child.stdout ? text(child.stdout) : "",
    child.stderr ? text(child.stderr) : "",
  ]);
  return { status, stdout, stderr };
}

/**
 * The output of a program.
 *
 * @throws CommandError if its status is not 0
 */
export async function output(argv: Argv, options: RunOptions = {}): Promise<string> {
  const result = await run(argv, options);
  if (result.status !== 0) throw new CommandError(argv, result);
  return result.stdout;
}

/** Runs a program with this process's terminal or pipes, and returns its status. */
export async function attach(argv: Argv, options: Omit<RunOptions, "input"> = {}): Promise<number> {
  return ended(start(argv, options, "inherit"));
}

/** A program that did not end with status 0. */
export class CommandError extends Error {
  override readonly name = "CommandError";

  constructor(
    argv: Argv,
    readonly result: Result,
  ) {
    const last = result.stderr.trim().split("\n").at(-1) ?? "";
    super(`${argv[0]} ended with ${String(result.status)}${last === "" ? "" : `: ${last}`}`);
  }
}

function start([program, ...args]: Argv, options: RunOptions, stdio: StdioOptions) {
  const { cwd, env, timeoutSeconds, signal } = options;
  return spawn(program, args, {
    cwd,
    env: { ...process.env, ...env },
    timeout: timeoutSeconds === undefined ? undefined : timeoutSeconds * 1000,
    signal,
    stdio,
  });
}

function ended(child: ReturnType<typeof start>): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") resolve(127);
      else if (error.name !== "AbortError") reject(error);
    });
    child.once("close", (code, signal) => {
      resolve(code ?? 128 + ((signal && signalNumbers[signal]) ?? 15));
    });
  });
}
