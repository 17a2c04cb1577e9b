import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { endedSteps } from "../../../bench/cold/lines";
import { Reporter } from "../../../cli/report/reporter";

test("the steps of a command are read from the lines that it prints", async () => {
  const logs = mkdtempSync(join(tmpdir(), "cold-"));
  let [output, clock] = ["", 0];
  const write = (text: string) => (output += text);
  // Each reading is 65 s later.
  const reporter = new Reporter({ write }, logs, () => (clock += 65_000));
  try {
    await reporter.step("guest image", (progress) => {
      progress.now("installing 214 packages");
      return Promise.resolve("built, 160 MiB");
    });
    reporter.say("  a line of something else 5 s");
    await reporter.step("space", () => Promise.resolve({ warning: "12 % are free\nremove something" }));
  } finally {
    rmSync(logs, { recursive: true });
  }
  expect(endedSteps(output)).toEqual([
    { name: "guest image", note: "built, 160 MiB", seconds: 65 },
    { name: "space", note: "12 % are free", seconds: 65 },
  ]);
});
