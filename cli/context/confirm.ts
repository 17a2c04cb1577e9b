import { createInterface } from "node:readline/promises";
import type { Context } from "./context";

interface Streams {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
}

/**
 * Asks whether to continue. Without a terminal the answer is no.
 *
 * @param question without its ending `[y/N]`
 * @param streams Default: standard input, and standard error, since standard output is only for a command's result
 */
export async function confirmed(
  { interactive, signal }: Pick<Context, "interactive" | "signal">,
  question: string,
  { input, output }: Streams = { input: process.stdin, output: process.stderr },
): Promise<boolean> {
  if (!interactive) return false;
  const lines = createInterface({ input, output });
  try {
    return /^y/i.test(await lines.question(`${question} [y/N] `, { signal }));
  } catch (error) {
    if (signal.aborted) return false;
    throw error;
  } finally {
    lines.close();
  }
}
