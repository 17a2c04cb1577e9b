import type { Context } from "../context/context";
import { run, type Argv } from "../process/run";

/** One file of the archive. */
export interface Part {
  /** Its path in the archive. */
  readonly path: string;
  /** It fails if it takes longer. */
  readonly seconds: number;
  /** @returns its text, and what is wrong with it if anything is */
  collect(signal: AbortSignal): Promise<Collected>;
}

/** What was found for a part. */
interface Collected {
  readonly text: string;
  /** Default: it is whole. */
  readonly problem?: string;
}

/** How much of a log is of interest, in characters. */
const most = 2 ** 20;

/** The end of a text that is too long. */
export function endOf(text: string): string {
  return text.length <= most ? text : `… ${String(text.length - most)} characters before\n${text.slice(-most)}`;
}

/** A part that is what a program prints, in the farm's environment. The program may be missing, fail, or hang. */
export function programPart(
  context: Pick<Context, "repository" | "environment">,
  path: string,
  seconds: number,
  argv: () => Argv,
): Part {
  return {
    path,
    seconds,
    async collect(signal) {
      const { status, stdout, stderr } = await run(argv(), {
        cwd: context.repository,
        env: context.environment,
        signal,
      });
      const text = endOf(stdout) + (stderr === "" ? "" : `\n--- standard error ---\n${endOf(stderr)}`);
      if (status === 0) return { text };
      const last = stderr.trim().split("\n").at(-1) ?? "";
      return { text, problem: `ended with ${String(status)}${last === "" ? "" : `: ${last}`}` };
    },
  };
}
