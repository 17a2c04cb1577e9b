import { join } from "node:path";
import { CommandError } from "../../../../cli/process/run";
import { programAt, runLogged } from "../../../../cli/setup/tools/tools";
import { FakeFarm } from "../../../support/fake-farm";

let machine: FakeFarm;
beforeEach(() => {
  machine = new FakeFarm();
});
afterEach(() => {
  machine.remove();
});

describe("a program in a step", () => {
  test("logs its output, and returns its stdout", async () => {
    await expect(runLogged(machine.step(), ["sh", "-c", "echo out; echo err >&2"])).resolves.toBe("out\n");
    expect(machine.log).toBe("out\nerr\n");
  });

  test("logs nothing if it prints nothing", async () => {
    await runLogged(machine.step(), ["true"]);
    expect(machine.log).toBe("");
  });

  test("has the context's environment and variables of its own", async () => {
    machine.set("FIRST", "1");
    machine.set("SECOND", "2");
    const env = { SECOND: "3", HOME: undefined };
    const text = await runLogged(machine.step(), ["sh", "-c", 'echo "$FIRST $SECOND ${HOME-none}"'], { env });
    expect(text).toBe("1 3 none\n");
  });

  test("that fails is logged by the reporter alone", async () => {
    const failed = runLogged(machine.step(), ["sh", "-c", "echo half; echo no >&2; exit 3"]);
    await expect(failed).rejects.toThrow(CommandError);
    await expect(failed).rejects.toThrow("sh ended with 3: no");
    expect(machine.log).toBe("");
  });

  test("that Ctrl-C ended is an interruption, not a failure", async () => {
    const step = machine.step();
    const context = { ...step.context, signal: AbortSignal.timeout(50) };
    const interrupted = runLogged({ ...step, context }, ["sleep", "20"]);
    await expect(interrupted).rejects.not.toThrow(CommandError);
    await expect(interrupted).rejects.toMatchObject({ name: "TimeoutError" });
  });
});

describe("a program on PATH", () => {
  test("is the first executable one", () => {
    machine.program("tool");
    machine.write("other/tool");
    const PATH = [join(machine.home, "nowhere"), join(machine.home, "other"), join(machine.home, "bin")].join(":");
    expect(programAt("tool", { PATH })).toBe(join(machine.home, "bin", "tool"));
  });

  test.each([{ PATH: "" }, { PATH: "/nowhere" }, {}])("is missing with %j", (environment) => {
    expect(programAt("tool", environment)).toBeUndefined();
  });
});
