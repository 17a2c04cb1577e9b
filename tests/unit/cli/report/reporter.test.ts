import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FarmError } from "../../../../cli/base/errors";
import { output } from "../../../../cli/process/run";
import { duration, Reporter } from "../../../../cli/report/reporter";
import { waitFor } from "../../../../cli/report/wait-for";

let logs: string;
let written: string;
const terminal = { columns: 40, write: (text: string) => (written += text) };

beforeEach(() => {
  logs = mkdtempSync(join(tmpdir(), "reporter-"));
  written = "";
});
afterEach(() => {
  rmSync(logs, { recursive: true });
});

/** A reporter whose clock goes on by 75 s each time it is read. */
function reporter(isTTY: boolean): Reporter {
  let clock = 0;
  return new Reporter({ ...terminal, isTTY }, logs, () => (clock += 75_000));
}

test("a step has a line with its name, its note and its time", async () => {
  await reporter(false).step("images", (progress) => {
    progress.now("building php");
    return Promise.resolve("1 built");
  });
  expect(written).toBe(
    `  images              building php\n✓ images              ${"1 built".padEnd(44)} 1 min 15 s\n`,
  );
});

test("a step with warnings is marked, with a line for each", async () => {
  await reporter(false).step("VMs", () => Promise.resolve({ warning: "worker1: off\nworker2: off" }));
  expect(written).toBe(
    `! VMs                 ${"worker1: off".padEnd(44)} 1 min 15 s\n${" ".repeat(22)}worker2: off\n`,
  );
});

test("on a terminal a step's current action is replaced, and never wraps", async () => {
  await reporter(true).step("images", (progress) => {
    progress.now("x".repeat(100));
    return Promise.resolve("");
  });
  expect(written).toContain(`  images              ${"x".repeat(17)}\r\u001b[K✓ images`);
});

test("a failed step shows the end of its log and the path of the log", async () => {
  const step = reporter(false).step("images", async () => output(["sh", "-c", "seq 20; exit 9"]));
  await expect(step).rejects.toThrow(new FarmError("sh ended with 9"));
  expect(written).toContain("✗ images              failed after 1 min 15 s\n  │ 6\n  │ 7\n");
  expect(written).toContain(`the whole log: ${join(logs, "images.log")}`);
  expect(readFileSync(join(logs, "images.log"), "utf8")).toMatch(/^1\n2\n/);
});

test("a programming error is not a failed step", async () => {
  await expect(reporter(false).step("images", () => Promise.reject(new TypeError("x")))).rejects.toThrow(TypeError);
});

test.each([
  [0.4, "0 s"],
  [59.9, "59 s"],
  [60, "1 min 0 s"],
  [3725, "62 min 5 s"],
])("%d seconds are %s", (seconds, text) => {
  expect(duration(seconds)).toBe(text);
});

test("a wait that times out reports the missing condition", async () => {
  let answers = 0;
  await waitFor(1, "three answers", () => ++answers === 3, 1);
  await expect(waitFor(0, "the node 'worker1'", () => false, 1)).rejects.toThrow("waited 0 s for the node 'worker1'");
});
