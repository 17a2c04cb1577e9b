import type { Context } from "../context/context";
import { run, type Argv } from "../process/run";
import { duration } from "../report/reporter";
import type { Results } from "./results";

/** The context of tests. */
export interface TestRun {
  readonly context: Pick<Context, "repository" | "signal">;
  /** The environment of the programs. */
  readonly environment: Context["environment"];
  readonly results: Results;
}

/** A check that passes if a program does; otherwise its output is shown. */
export async function check({ context, environment, results }: TestRun, name: string, argv: Argv): Promise<void> {
  const started = Date.now();
  const { status, stdout, stderr } = await run(argv, {
    cwd: context.repository,
    env: environment,
    signal: context.signal,
  });
  if (status !== 0) {
    results.failure(name, stdout + stderr);
    return;
  }
  results.add(1);
  results.print(`✓ ${name.padEnd(28)} ${duration((Date.now() - started) / 1000)}`);
}
