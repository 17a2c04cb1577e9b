import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { EndedWith } from "../../../../cli/base/errors";
import { attachKeepingErrors } from "../../../../cli/process/attach-keeping-errors";
import { handOver } from "../../../../cli/process/hand-over";
import { runToFile } from "../../../../cli/process/run-to-file";
import { attach, CommandError, run } from "../../../../cli/process/run";
import { FakeFarm } from "../../../support/fake-farm";

let farm: FakeFarm;
beforeEach(() => {
  farm = new FakeFarm();
});
afterEach(() => {
  jest.restoreAllMocks();
  farm.remove();
});

const around = (signal = new AbortController().signal) => ({ cwd: farm.home, env: { WORD: "here" }, signal });

describe("how a program ends", () => {
  test.each([
    ["exit 0", 0],
    ["exit 7", 7],
    ["kill -KILL $$", 137],
    ["kill -INT $$", 130],
    ["kill -TERM $$", 143],
  ])("'%s' has status %i, as in a shell", async (script, status) => {
    farm.program("program", script);
    expect((await run(["program"])).status).toBe(status);
    expect(await attach(["program"])).toBe(status);
  });

  test("a file that is not executable is an error without a status", async () => {
    const file = farm.write("not-executable", "");
    await expect(run([file])).rejects.toThrow("EACCES");
  });

  test("output from before a kill is kept", async () => {
    farm.program("program", "echo before; echo why >&2; exec sleep 20");
    const { status, stdout, stderr } = await run(["program"], { timeoutSeconds: 2 });
    expect([status, stdout, stderr]).toEqual([143, "before\n", "why\n"]);
  });

  test("a character in two writes is read as one", async () => {
    farm.program("program", "printf '\\303'; sleep 0.1; printf '\\274'");
    expect((await run(["program"])).stdout).toBe("ü");
  });
});

test.each([
  ["a\nb\n\n", "program ended with 4: b"],
  ["   \n", "program ended with 4"],
  ["", "program ended with 4"],
])("the error of a program that prints %j is '%s'", (stderr, message) => {
  expect(new CommandError(["program", "--secret", "x"], { status: 4, stdout: "out", stderr }).message).toBe(message);
});

describe("a program that has the terminal", () => {
  test("ends ./farm with its status, without a message", async () => {
    farm.program("program", 'exit "$STATUS"');
    await handOver(["program"], { env: { STATUS: "0" } });
    await expect(handOver(["program"], { env: { STATUS: "3" } })).rejects.toEqual(new EndedWith(3));
  });

  test("shows its stderr as it is written, and keeps it", async () => {
    const shown: string[] = [];
    jest.spyOn(process.stderr, "write").mockImplementation((text) => shown.push(String(text)) > 0);
    farm.program("program", 'echo "$WORD" >&2; [ "$PWD" = "$here" ] || exit 9; sleep 0.1; echo last >&2; exit 5');
    expect(await attachKeepingErrors(["program"], around())).toEqual({ status: 5, stderr: "here\nlast\n" });
    expect(shown.join("")).toBe("here\nlast\n");
  });

  test("ends the wait when it exits, although its children run", async () => {
    jest.spyOn(process.stderr, "write").mockReturnValue(true);
    farm.program("program", "sleep 5 & exit 0");
    const began = Date.now();
    expect((await attachKeepingErrors(["program"], around())).status).toBe(0);
    expect(Date.now() - began).toBeLessThan(4500);
  });
});

describe("a program with its output in a file", () => {
  const file = () => join(farm.home, "printed");

  test("writes stdout and stderr there in order, for the owner alone", async () => {
    farm.program("program", 'echo "$WORD"; echo error >&2; echo "$PWD"; exit 6');
    expect(await runToFile(["program"], file(), around())).toBe(6);
    expect(readFileSync(file(), "utf8")).toBe(`here\nerror\n${farm.home}\n`);
  });

  test("replaces the output of a previous run", async () => {
    farm.write("printed", "old and longer\n");
    farm.program("program", "echo new");
    await runToFile(["program"], file(), around());
    expect(readFileSync(file(), "utf8")).toBe("new\n");
  });

  test("is interrupted once, whoever sent the signal, and ends in its own time", async () => {
    const interrupt = new AbortController();
    const listeners = process.listenerCount("exit");
    farm.program(
      "program",
      `trap 'echo interrupted >>"$here/interrupts"' INT; echo "$$" >"$here/pid"; n=0
while [ "$n" -lt 100 ] && [ ! -e "$here/interrupts" ]; do sleep 0.05; n=$((n + 1)); done; sleep 0.3; exit 8`,
    );
    const running = runToFile(["program"], file(), around(interrupt.signal));
    while (!existsSync(join(farm.home, "pid"))) await new Promise((resolve) => setTimeout(resolve, 20));
    const pid = readFileSync(join(farm.home, "pid"), "utf8").trim();
    // A terminal's Ctrl-C goes to the group of this process.
    expect((await run(["ps", "-o", "pgid=", "-p", pid])).stdout.trim()).toBe(pid);
    interrupt.abort();
    expect(await running).toBe(8);
    expect(readFileSync(join(farm.home, "interrupts"), "utf8")).toBe("interrupted\n");
    expect(process.listenerCount("exit")).toBe(listeners);
  });

  test("that is missing is an error with its name", async () => {
    await expect(runToFile(["/nowhere/program"], file(), around())).rejects.toThrow("/nowhere/program");
    expect(existsSync(file())).toBe(true);
  });
});
