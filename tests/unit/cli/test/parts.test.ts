import { execFileSync } from "node:child_process";
import { chmodSync } from "node:fs";
import { join } from "node:path";
import { test as command } from "../../../../cli/commands/test";
import type { TestRun } from "../../../../cli/test/check";
import { check } from "../../../../cli/test/check";
import { appTests, installMissingModules } from "../../../../cli/test/apps";
import { goTests, workflows } from "../../../../cli/test/go";
import { jest as runJest } from "../../../../cli/test/jest";
import { parts } from "../../../../cli/test/parts";
import { Results } from "../../../../cli/test/results";
import { shellScripts } from "../../../../cli/test/shell-scripts";
import { FakeFarm } from "../../../support/fake-farm";

let machine: FakeFarm;
let lines: string[];
let tests: TestRun;
beforeEach(() => {
  machine = new FakeFarm();
  lines = [];
  const context = machine.context();
  tests = { context, environment: context.environment, results: new Results((line) => lines.push(line)) };
});
afterEach(() => {
  machine.remove();
});

/** A machine without Go, whatever this one has. */
function withoutGo(): TestRun {
  return { ...tests, environment: { ...tests.environment, PATH: join(machine.home, "bin") } };
}

describe("a check", () => {
  test("passes if its program does, and shows none of its output", async () => {
    await check(tests, "types", ["echo", "much"]);
    expect(lines).toEqual([expect.stringMatching(/^✓ types {24}0 s$/)]);
    expect(tests.results.summary).toBe("1 passed, 0 failed");
  });

  test("that fails shows its program's output", async () => {
    await check(tests, "types", ["sh", "-c", "echo index.ts:1; echo error >&2; exit 2"]);
    expect(lines).toEqual(["✗ types", "  │ index.ts:1", "  │ error"]);
    expect([tests.results.summary, tests.results.hasFailures]).toEqual(["0 passed, 1 failed", true]);
  });
});

describe("jest", () => {
  const report = {
    numPassedTests: 5,
    numFailedTests: 1,
    numRuntimeErrorTestSuites: 1,
    numPendingTests: 2,
    numTodoTests: 1,
    testResults: [
      {
        name: "tests/a.test.ts",
        message: "● a page answers",
        assertionResults: [
          { fullName: "a page answers", status: "failed", failureMessages: ["expected 200", "received 502"] },
          { fullName: "a page waits", status: "passed", failureMessages: [] },
        ],
      },
      { name: "tests/b.test.ts", message: "Cannot find module", assertionResults: [] },
    ].map((file) => ({ ...file, name: join("REPOSITORY", file.name) })),
  };

  test("is counted by its report, and a file that cannot run has failed", async () => {
    const printed = JSON.stringify(report).replaceAll("REPOSITORY", tests.context.repository);
    machine.program("npx", `echo '${printed}' >"$4"; exit 1`);
    await runJest(tests, "--selectProjects", "unit");
    expect(lines).toEqual([]);
    tests.results.end();
    expect(lines).toEqual([
      "✗ tests/a.test.ts: a page answers",
      "  │ expected 200",
      "  │ received 502",
      "✗ tests/b.test.ts",
      "  │ Cannot find module",
      "5 passed, 2 failed, 3 skipped",
    ]);
    expect(machine.calls[0]).toMatch(/^npx jest --json --outputFile \S+ --selectProjects unit$/);
  });

  test("without a report has failed", async () => {
    machine.program("npx", "exit 1");
    await runJest(tests);
    expect(lines).toEqual(["✗ jest ended without a report"]);
  });
});

describe("Go's tests", () => {
  /** A module whose tests end so. */
  function module(events: readonly object[], { status = 0, vet = "" } = {}): void {
    machine.write("apps/exporter/go.mod");
    const output = events.map((event) => JSON.stringify(event)).join("\n");
    machine.program(
      "go",
      `[ $1 = vet ] && { ${vet || "exit 0"}; }\ncat <<'EVENTS'\n${output}\nEVENTS\nexit ${String(status)}`,
    );
  }
  const event = (Action: string, Test?: string, Output?: string) => ({ Action, Test, Output });

  test("are counted without subtests and packages", async () => {
    module([event("pass", "TestA"), event("pass", "TestA/sub"), event("skip", "TestB"), event("pass")]);
    await goTests(tests, "apps/exporter");
    expect(lines).toEqual([`✓ ${"apps/exporter".padEnd(28)} 1 passed, 0 failed`]);
    expect(tests.results.summary).toBe("1 passed, 0 failed, 1 skipped");
  });

  test("that fail are shown", async () => {
    module([event("output", "TestA", "a_test.go:3: no\n"), event("fail", "TestA"), event("fail")], { status: 1 });
    await goTests(tests, "apps/exporter");
    expect(lines).toEqual([`✗ ${"apps/exporter".padEnd(28)} 0 passed, 1 failed`, "  │ a_test.go:3: no"]);
  });

  test("of a package that does not compile have failed", async () => {
    module([event("pass", "TestA")], { status: 1 });
    await goTests(tests, "apps/exporter");
    expect(tests.results.summary).toBe("1 passed, 1 failed");
  });

  test("do not run if 'go vet' fails", async () => {
    module([event("pass", "TestA")], { vet: "echo main.go:1 >&2; exit 1" });
    await goTests(tests, "apps/exporter");
    expect(lines).toEqual(["✗ apps/exporter: go vet", "  │ main.go:1"]);
  });

  test("are skipped without Go, as is actionlint", async () => {
    await goTests(withoutGo(), "apps/exporter");
    await workflows(withoutGo());
    expect(lines).toEqual([
      "- apps/exporter: skipped, Go is not installed",
      "- actionlint: skipped, Go is not installed",
    ]);
    expect(tests.results.summary).toBe("0 passed, 0 failed, 2 skipped");
  });
});

describe("apps", () => {
  beforeEach(() => {
    machine.write("apps/steward/package.json");
    machine.write("apps/exporter/go.mod");
    machine.program("go", '[ $1 = vet ] || echo \'{"Action":"pass","Test":"TestA"}\'');
  });
  const npm = (lastLines: string) => {
    machine.program("npm", `case $1 in test) printf '${lastLines}' ;; esac`);
  };

  test("are found by their files, and tested by Go or npm", async () => {
    npm("many lines\\n7 passed, 0 failed, 1 skipped\\n");
    await appTests(tests);
    expect(machine.calls).toEqual([
      "go vet ./...",
      "go test -json ./...",
      "npm ci --prefix apps --no-audit --no-fund --loglevel=error",
      "npm run --silent --prefix apps check",
      "npm test --silent --prefix apps/steward",
    ]);
    // Modules and check count as one each.
    expect(tests.results.summary).toBe("10 passed, 0 failed, 1 skipped");
  });

  test("that fail are shown, also if they end without a count", async () => {
    npm("not ok 3\\n1 passed, 1 failed\\n");
    await appTests(tests);
    expect(lines).toContain(`✗ ${"apps/steward".padEnd(28)} 1 passed, 1 failed`);
    expect(lines).toContain("  │ not ok 3");
    npm("Segmentation fault\\n");
    await appTests(tests);
    expect(lines.slice(-2)).toEqual(["✗ apps/steward ended without a count", "  │ Segmentation fault"]);
  });

  test("get their modules for live tests only if they are missing", async () => {
    npm("");
    await installMissingModules(tests);
    machine.write("apps/node_modules/x");
    await installMissingModules(tests);
    expect(machine.calls).toEqual(["npm ci --prefix apps --no-audit --no-fund --loglevel=error"]);
  });
});

test("shell scripts are the files with a shell in their first line, except ignored ones", async () => {
  execFileSync("git", ["init", "-q", machine.home]);
  machine.write(".gitignore", "ignored\n/bin/\n");
  for (const name of ["bash with space", "ignored"]) machine.write(name, "#!/usr/bin/env bash\n");
  machine.write("posix", "#!/bin/sh\n");
  machine.write("part.sh", "# sourced\n");
  machine.write("script.ts", "#!/usr/bin/env node\n");
  machine.write("empty");
  machine.write("deleted", "#!/bin/sh\n");
  execFileSync("git", ["-C", machine.home, "add", "deleted"]);
  execFileSync("rm", [join(machine.home, "deleted")]);
  await expect(shellScripts(tests)).resolves.toEqual({
    programs: ["bash with space", "posix"],
    all: ["bash with space", "part.sh", "posix"],
  });
});

describe("./farm test", () => {
  test("has the parts in its list", () => {
    expect(Object.keys(parts)).toEqual(["unit", "live", "faults"]);
  });

  test.each(["everything", "toString"])("refuses an unknown part '%s' before any setup", async (part) => {
    await expect(command.run(machine.context(), { arguments: [part], options: {} })).rejects.toMatchObject({
      message: `unknown part '${part}'; there are unit, live, faults`,
      exitCode: 2,
    });
    expect(machine.calls).toEqual([]);
  });

  test("unit runs every check, then jest, Go and the apps", async () => {
    execFileSync("git", ["init", "-q", machine.home]);
    machine.write(".gitignore", "/bin/\n");
    machine.write("tests/run.sh", "#!/bin/sh\n");
    chmodSync(machine.write("tests/actionlint", "#!/bin/sh\nexit 3\n"), 0o755);
    for (const module of ["command", "bridge/docker/provider"]) machine.write(`offline/toolchain/${module}/x.go`);
    machine.write("apps/steward/package.json");
    for (const program of ["shellcheck", "shfmt", "npx", "go"]) machine.program(program);
    machine.program("npm", 'case $1 in test) echo "2 passed, 0 failed" ;; esac');
    await parts.unit(tests);
    const checks = ["shellcheck", "shfmt", "prettier", "types"];
    const named = lines.filter((line) => /^[✓✗-]/.test(line)).map((line) => line.slice(2).split("  ")[0]?.trim());
    // eslint runs beside those that follow shfmt, and ends before what follows them all.
    expect(named.filter((name) => name !== "eslint").slice(0, 4)).toEqual(checks);
    expect(named.indexOf("eslint")).toBeGreaterThan(named.indexOf("shfmt"));
    expect(named.indexOf("eslint")).toBeLessThan(named.indexOf("apps check"));
    expect(named).toEqual(expect.arrayContaining(["actionlint", "generated docs", "apps check", "apps/steward"]));
    expect(machine.calls.filter((call) => call.startsWith("sh"))).toEqual([
      "shellcheck --external-sources --check-sourced tests/actionlint tests/run.sh",
      "shfmt --diff tests/actionlint tests/run.sh",
    ]);
    expect(lines.filter((line) => line.startsWith("✗"))).toEqual(["✗ actionlint", "✗ jest ended without a report"]);
  });

  test.each(["live", "faults"] as const)("%s runs one test at a time", async (part) => {
    machine.write("apps/x");
    machine.program("npx");
    await parts[part](tests);
    expect(machine.calls[0]).toMatch(new RegExp(`--selectProjects ${part} --runInBand --verbose$`));
  });
});
