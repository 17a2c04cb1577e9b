import { spawn, type ChildProcess } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { CommandError, type Argv } from "./run";

/** A program of a chain. */
export interface Stage {
  readonly argv: Argv;
  /** Data for the program at file descriptor 3, hidden from other processes. Default: none. */
  readonly secret?: string;
}

/** Reads the output of the last program of a chain. */
export type Sink<T> = (output: Readable) => Promise<T>;

/**
 * Runs programs as a shell's pipe does: in parallel, each reads the output of the previous one.
 *
 * @param input for the first program; undefined is an empty one
 * @param sink reads the output of the last program to its end
 * @throws CommandError of the last program that fails, which may cause the failure of previous ones
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
  // A program that ends early closes its pipes; its status counts.
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

/** Ignores EPIPE of a reader that ends early; statuses count. */
async function connect(from: Readable | null | undefined, to: Writable | null): Promise<void> {
  if (from && to) await pipeline(from, to).catch(() => undefined);
}
