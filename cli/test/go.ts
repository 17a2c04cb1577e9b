import { join } from "node:path";
import { z } from "zod";
import { run } from "../process/run";
import { programAt } from "../setup/tools/tools";
import { check, type TestRun } from "./check";

const Event = z.object({ Action: z.string(), Test: z.string().optional(), Output: z.string().optional() });

/** Vets and tests a Go module; skipped without Go. */
export async function goTests(tests: TestRun, module: string): Promise<void> {
  const { context, environment, results } = tests;
  if (programAt("go", environment) === undefined) {
    results.skip(module, "Go is not installed");
    return;
  }
  const options = { cwd: join(context.repository, module), env: environment, signal: context.signal };
  const vet = await run(["go", "vet", "./..."], options);
  if (vet.status !== 0) {
    results.failure(`${module}: go vet`, vet.stderr);
    return;
  }
  const { status, stdout, stderr } = await run(["go", "test", "-json", "./..."], options);
  const events = stdout
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => Event.parse(JSON.parse(line)));
  // Subtests count with their test.
  const count = (action: string) =>
    events.filter(({ Action, Test }) => Action === action && Test !== undefined && !Test.includes("/")).length;
  const failed = count("fail");
  // A package that does not compile has no failed test.
  const output = events.map(({ Output = "" }) => Output).join("") + stderr;
  results.group(module, count("pass"), failed === 0 && status !== 0 ? 1 : failed, count("skip"), output);
}

/** Checks the workflows with actionlint, which Go builds. */
export async function workflows(tests: TestRun): Promise<void> {
  if (programAt("go", tests.environment) === undefined) tests.results.skip("actionlint", "Go is not installed");
  else await check(tests, "actionlint", [join(tests.context.repository, "tests", "actionlint")]);
}
