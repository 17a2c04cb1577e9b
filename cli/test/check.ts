import type { Context } from "../context/context";
import { run, type Argv } from "../process/run";
import { duration } from "../report/reporter";
import type { Results } from "./results";

/** What tests are run with. */
export interface TestRun {
  readonly context: Pick<Context, "repository" | "signal">;
  /** Of the programs that are run. */
  readonly environment: Context["environment"];
  readonly results: Results;
}

/** A check that passes when a program does; what that prints is shown when it does not. */
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
