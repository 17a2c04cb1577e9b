import { appTests, installMissingModules } from "./apps";
import { check, type TestRun } from "./check";
import { goTests, workflows } from "./go";
import { jest } from "./jest";
import { shellScripts } from "./shell-scripts";

/** The parts of the tests by name. */
export const parts = {
  /** Tests without VMs. */
  async unit(tests: TestRun): Promise<void> {
    const scripts = await shellScripts(tests);
    // It reads the others through those that source them.
    await check(tests, "shellcheck", ["shellcheck", "--external-sources", "--check-sourced", ...scripts.programs]);
    await check(tests, "shfmt", ["shfmt", "--diff", ...scripts.all]);
    const others = async () => {
      await check(tests, "prettier", ["npx", "prettier", "--check", "."]);
      await check(tests, "types", ["npx", "tsc", "--noEmit"]);
      await workflows(tests);
      await check(tests, "generated docs", ["npx", "tsx", "scripts/generate-docs.ts", "--check"]);
      await check(tests, "generated commands", ["npx", "tsx", "scripts/generate-commands.ts", "--check"]);
    };
    // As long as all others together, on one core.
    await Promise.all([check(tests, "eslint", ["npx", "eslint", "."]), others()]);
    await jest(tests, "--selectProjects", "unit", "components", "program");
    for (const module of ["command", "bridge/docker/provider"]) await goTests(tests, `offline/toolchain/${module}`);
    await appTests(tests);
  },

  async live(tests: TestRun): Promise<void> {
    await installMissingModules(tests);
    await jest(tests, "--selectProjects", "live", "--runInBand", "--verbose");
  },

  /** Tests that take too long for every run. */
  async faults(tests: TestRun): Promise<void> {
    await jest(tests, "--selectProjects", "faults", "--runInBand", "--verbose");
  },
};

export type Part = keyof typeof parts;

/** The default parts. */
export const everyRun: readonly Part[] = ["unit", "live"];

/** Whether `./farm test` has a part of this name. */
export function isPart(name: string): name is Part {
  return Object.hasOwn(parts, name);
}
