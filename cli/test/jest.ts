import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { z } from "zod";
import { attach } from "../process/run";
import type { TestRun } from "./check";

const Report = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  /** Test files that failed to run. */
  numRuntimeErrorTestSuites: z.int(),
  numPendingTests: z.int(),
  numTodoTests: z.int(),
  testResults: z.array(
    z.object({
      name: z.string(),
      /** Why the file failed to run. */
      message: z.string(),
      assertionResults: z.array(
        z.object({ fullName: z.string(), status: z.string(), failureMessages: z.array(z.string()).nullable() }),
      ),
    }),
  ),
});

/** Runs jest on this terminal, and counts the results of its report. */
export async function jest({ context, environment, results }: TestRun, ...args: readonly string[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "swarm-farm-test-"));
  const file = join(folder, "jest.json");
  try {
    const argv = ["npx", "jest", "--json", "--outputFile", file, ...args] as const;
    await attach(argv, { cwd: context.repository, env: environment, signal: context.signal });
    if (!existsSync(file)) {
      results.failure("jest ended without a report");
      return;
    }
    const report = Report.parse(JSON.parse(readFileSync(file, "utf8")));
    const failed = report.numFailedTests + report.numRuntimeErrorTestSuites;
    results.add(report.numPassedTests, failed, report.numPendingTests + report.numTodoTests);
    for (const file of report.testResults) {
      const path = relative(context.repository, file.name);
      const failures = file.assertionResults.filter(({ status }) => status === "failed");
      for (const { fullName, failureMessages } of failures)
        results.repeat(`${path}: ${fullName}`, (failureMessages ?? []).join("\n"));
      if (file.assertionResults.length === 0 && file.message !== "") results.repeat(path, file.message);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}
