import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { run } from "../process/run";
import { check, type TestRun } from "./check";
import { goTests } from "./go";

/** The folder of the apps: npm workspaces and Go modules. */
const apps = "apps";

/** The result of `npm test` of each app. */
const lastLine = /^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$/;

/** Tests every app: with Go if it has a go.mod, with npm if it has a package.json. */
export async function appTests(tests: TestRun): Promise<void> {
  for (const app of appsWith(tests, "go.mod")) await goTests(tests, app);
  await installModules(tests);
  await check(tests, `${apps} check`, ["npm", "run", "--silent", "--prefix", apps, "check"]);
  for (const app of appsWith(tests, "package.json")) await npmTests(tests, app);
}

/** Installs the modules of the programs where there are none yet: live tests look at pages with them. */
export async function installMissingModules(tests: TestRun): Promise<void> {
  if (!existsSync(join(tests.context.repository, apps, "node_modules"))) await installModules(tests);
}

function installModules(tests: TestRun): Promise<void> {
  const quiet = ["--no-audit", "--no-fund", "--loglevel=error"];
  return check(tests, `${apps} modules`, ["npm", "ci", "--prefix", apps, ...quiet]);
}

async function npmTests({ context, environment, results }: TestRun, app: string): Promise<void> {
  const { stdout, stderr } = await run(["npm", "test", "--silent", "--prefix", app], {
    cwd: context.repository,
    env: environment,
    signal: context.signal,
  });
  const counts = lastLine.exec(stdout.trimEnd().split("\n").at(-1) ?? "");
  if (!counts) {
    results.failure(`${app} ended without a count`, stdout + stderr);
    return;
  }
  const [passed = 0, failed = 0, skipped = 0] = counts.slice(1).map((count: string | undefined) => Number(count ?? 0));
  results.group(app, passed, failed, skipped, stdout + stderr);
}

function appsWith({ context }: TestRun, file: string): string[] {
  return readdirSync(join(context.repository, apps))
    .sort()
    .map((name) => join(apps, name))
    .filter((app) => existsSync(join(context.repository, app, file)));
}
