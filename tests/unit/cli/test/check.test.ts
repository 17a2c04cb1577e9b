import { check } from "../../../../cli/test/check";
import { Results } from "../../../../cli/test/results";
import { FakeFarm } from "../../../support/fake-farm";

let farm: FakeFarm;
let lines: string[];
let results: Results;
beforeEach(() => {
  farm = new FakeFarm();
  lines = [];
  results = new Results((line) => void lines.push(line));
});
afterEach(() => {
  farm.remove();
});

const checked = async (...argv: [string, ...string[]]) =>
  check({ context: farm.context(), environment: farm.context().environment, results }, "lint", argv);

test("a check that passes is one line with its time, and counts as one test", async () => {
  await checked("true");
  expect(lines).toEqual([expect.stringMatching(/^✓ lint {25}0/)]);
  expect([results.summary, results.hasFailures]).toEqual(["1 passed, 0 failed", false]);
});

test.each([
  ["prints why", "sh -c", "echo out; echo; echo err >&2; exit 3", ["✗ lint", "  │ out", "  │ err"]],
  ["prints nothing", "sh -c", "exit 1", ["✗ lint"]],
])("a check that %s and fails is shown with all its output", async (_name, shell, script, shown) => {
  const [program = "", flag = ""] = shell.split(" ");
  await checked(program, flag, script);
  expect(lines).toEqual(shown);
  expect([results.summary, results.hasFailures]).toEqual(["0 passed, 1 failed", true]);
});

test("a missing program fails its check, and the tests continue", async () => {
  await checked("/nowhere/shellcheck", "--version");
  expect(lines[0]).toBe("✗ lint");
  await checked("true");
  expect(results.summary).toBe("1 passed, 1 failed");
});

test("the summary adds up checks and groups of tests, and lists skipped ones", () => {
  results.group("unit", 7, 0);
  results.group("apps", 2, 1, 3);
  results.skip("browser", "there is none");
  expect(lines).toEqual([
    "✓ unit                         7 passed, 0 failed",
    "✗ apps                         2 passed, 1 failed",
    "- browser: skipped, there is none",
  ]);
  expect(results.summary).toBe("9 passed, 1 failed, 4 skipped");
});

test("failures are repeated before the summary, long ones without their middle", () => {
  results.failure("eslint", "index.ts\n\n  1:1 error");
  results.add(5, 1);
  results.repeat("tests/a.test.ts: a page answers", "\u001b[31mexpected 200\u001b[39m");
  results.group("apps", 1, 0, 0, "not shown");
  results.group("steward", 1, 1, 0, Array.from({ length: 45 }, (_, line) => String(line)).join("\n"));
  lines.length = 0;
  results.end();
  const numbers = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, line) => `  │ ${String(from + line)}`);
  expect(lines).toEqual([
    "✗ eslint",
    "  │ index.ts",
    "  │   1:1 error",
    "✗ tests/a.test.ts: a page answers",
    "  │ expected 200",
    "✗ steward",
    ...numbers(0, 20),
    "  │ … 5 lines …",
    ...numbers(25, 45),
    "7 passed, 3 failed",
  ]);
});
