import type { Context } from "../context/context";
import { run, type Argv } from "../process/run";

/** One file of the archive. */
export interface Part {
  /** Its path in the archive. */
  readonly path: string;
  /** The time limit. */
  readonly seconds: number;
  /** @returns its text, and a problem if there is one */
  collect(signal: AbortSignal): Promise<Collected>;
}

/** The content of a part. */
interface Collected {
  readonly text: string;
  /** Why it is incomplete. Default: it is complete. */
  readonly problem?: string;
}

/** The most characters of a log. */
const most = 2 ** 20;

/** The end of a long text. */
export function endOf(text: string): string {
  return text.length <= most ? text : `… ${String(text.length - most)} characters before\n${text.slice(-most)}`;
}

/** A part with the output of a program, in the farm's environment. The program may be missing, fail or hang. */
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
