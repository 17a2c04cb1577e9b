import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { FarmError } from "../../../../cli/base/errors";
import { duration, Reporter } from "../../../../cli/report/reporter";
import { waitFor } from "../../../../cli/report/wait-for";
import { waitSeconds } from "../../../../cli/context/wait-seconds";

let logs: string;
let written: string;
beforeEach(() => {
  logs = mkdtempSync(join(tmpdir(), "lines-"));
  written = "";
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(logs, { recursive: true });
});

const reporter = (columns: number | undefined, isTTY = true) =>
  new Reporter({ isTTY, columns, write: (text: string) => (written += text) }, logs);

test("a transient line never wraps, however narrow the terminal", () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 200 }), fc.string({ maxLength: 300 }), (columns, text) => {
      written = "";
      reporter(columns).transient(text);
      expect(written.length).toBeLessThan(columns);
      expect(text.startsWith(written)).toBe(true);
    }),
  );
});

test("a terminal without a known width has 80 columns", () => {
  reporter(undefined).transient("x".repeat(200));
  expect(written).toBe("x".repeat(79));
});

test("a permanent line replaces a transient one, and nothing is erased without a terminal", () => {
  const terminal = reporter(60);
  terminal.transient("booting");
  terminal.say("done");
  terminal.say("next");
  expect(written).toBe("booting\r\u001b[Kdone\nnext\n");
  written = "";
  const pipe = reporter(60, false);
  pipe.transient("booting");
  pipe.say("done");
  pipe.erase();
  expect(written).toBe("booting\ndone\n");
});

test("a failed step keeps its exit code, and shows the end of its log only", async () => {
  const step = reporter(60, false).step("two words", (progress) => {
    for (let line = 1; line <= 30; line++) progress.log(`line ${String(line)}`);
    return Promise.reject(new FarmError("no", 77));
  });
  await expect(step).rejects.toMatchObject({ message: "no", exitCode: 77 });
  expect(written).not.toContain("line 15\n");
  expect(written).toContain("  │ line 16\n");
  expect(readFileSync(join(logs, "two-words.log"), "utf8")).toContain("line 1\nline 2\n");
});

test("a duration has whole seconds, and grows with them", () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1e6, noNaN: true }), (seconds) => {
      const [, minutes = "0", rest = ""] = /^(?:(\d+) min )?(\d+) s$/.exec(duration(seconds)) ?? [];
      expect(Number(minutes) * 60 + Number(rest)).toBe(Math.floor(seconds));
      expect(Number(rest)).toBeLessThan(60);
    }),
  );
});

test.each([
  [{}, undefined, 600],
  [{}, 30, 30],
  [{ FARM_WAIT_SECONDS: "" }, 30, 30],
  [{ FARM_WAIT_SECONDS: "1800" }, 30, 1800],
  [{ FARM_WAIT_SECONDS: "0" }, undefined, 0],
])("with %j a wait with the default %p takes %i s", (environment, own, seconds) => {
  expect(waitSeconds({ environment }, own)).toBe(seconds);
});

test("a condition is checked at least once, and its error ends the wait", async () => {
  await expect(waitFor(0, "nothing", () => true)).resolves.toBeUndefined();
  await expect(waitFor(60, "nothing", () => Promise.reject(new TypeError("x")))).rejects.toThrow(TypeError);
});
