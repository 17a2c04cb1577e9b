import { spawn, type ChildProcess } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { CommandError, type Argv } from "./run";

/** A program of a chain. */
export interface Stage {
  readonly argv: Argv;
  /** What the program can read at file descriptor 3, where no other process sees it. Default: nothing. */
  readonly secret?: string;
}

/** Reads what the last program of a chain prints. */
export type Sink<T> = (output: Readable) => Promise<T>;

/**
 * Runs programs in parallel, each of which reads what the previous one prints, as a shell's pipe does.
 *
 * @param input for the first program; undefined is an empty one
 * @param sink reads the output of the last program to its end
 * @throws CommandError of the last program that fails: it may be the reason why one before it does
 */
export async function chain<T>(input: Readable | undefined, stages: readonly Stage[], sink: Sink<T>): Promise<T> {
  const children = stages.map(start);
  const [first, last] = [children[0], children.at(-1)];
  if (!first || !last) throw new Error("a chain needs a program");
  const pipes = children.slice(1).map(async ({ child }, index) => connect(children[index]?.child.stdout, child.stdin));
  const fed = input ? connect(input, first.child.stdin) : void first.child.stdin?.end();
  const [result] = await Promise.allSettled([last.child.stdout ? sink(last.child.stdout) : undefined, fed, ...pipes]);
  for (const [index, { ended, errors }] of [...children.entries()].reverse()) {
    const [status, stderr] = await Promise.all([ended, errors]);
    const argv = stages[index]?.argv;
    if (status !== 0 && argv) throw new CommandError(argv, { status, stdout: "", stderr });
  }
  if (result.status === "rejected") throw result.reason;
  return result.value as T;
}

function start({ argv: [program, ...args], secret }: Stage) {
  const stdio = ["pipe", "pipe", "pipe", secret === undefined ? "ignore" : "pipe"] as const;
  const child = spawn(program, args, { env: process.env, stdio: [...stdio] });
  const handed = child.stdio[3] as Writable | null | undefined;
  // A program that ends early closes its pipes: its status is what counts.
  for (const stream of [child.stdin, handed]) stream?.on("error", () => undefined);
  if (secret !== undefined) handed?.end(secret);
  return { child, ended: statusOf(child), errors: child.stderr ? text(child.stderr) : Promise.resolve("") };
}

/** 127 and 126 are a shell's statuses for a program that is missing or cannot be started. */
function statusOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    child.once("error", ({ code }: NodeJS.ErrnoException) => {
      resolve(code === "ENOENT" ? 127 : 126);
    });
    child.once("close", (code) => {
      resolve(code ?? 143);
    });
  });
}

/** A reader that ends early is no error here: the statuses tell. */
async function connect(from: Readable | null | undefined, to: Writable | null): Promise<void> {
  if (from && to) await pipeline(from, to).catch(() => undefined);
}
