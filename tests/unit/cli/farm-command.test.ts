import { EventEmitter } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import type { CommandDefinition } from "../../../cli/command-line/command";
import { EndedWith, FarmError } from "../../../cli/base/errors";
import { farm as runFarm, type Surroundings } from "../../../cli/farm";
import { CommandError } from "../../../cli/process/run";
import { FakeFarm } from "../../support/fake-farm";

let fake: FakeFarm;
beforeEach(() => {
  fake = new FakeFarm();
});
afterEach(() => {
  fake.remove();
});

/** A process that is none: its signals, streams and end are the test's. */
function surroundings(env: Readonly<Record<string, string>> = {}) {
  const stderr = new PassThrough({ encoding: "utf8" });
  const stdout = new PassThrough({ encoding: "utf8" });
  const exit = jest.fn();
  const process = Object.assign(new EventEmitter(), {
    argv: [],
    env: { HOME: fake.home, PATH: "/usr/bin:/bin", ...env },
    stdin: { isTTY: false },
    stdout,
    stderr,
    exit,
  }) as unknown as Surroundings & EventEmitter;
  return { process, stdout, errors: () => String(stderr.read() ?? ""), exit };
}

/** Runs a command `act` with this body. */
async function act(run: CommandDefinition["run"], around = surroundings(), more: Partial<CommandDefinition> = {}) {
  const status = await runFarm(
    () => [{ name: "act", summary: "acts", ...more, run }],
    ["act"],
    around.process,
    fake.home,
  );
  return { status, errors: around.errors() };
}

test("a command finds no attributes that a killed engine left empty", async () => {
  const file = fake.write("backend/.pulumi/stacks/swarm-farm/dev.json.attrs", "");
  const seen = jest.fn(() => Promise.resolve());
  await act(seen, surroundings({ PULUMI_BACKEND_URL: `file://${fake.home}/backend` }));
  expect(seen).toHaveBeenCalled();
  expect(existsSync(file)).toBe(false);
});

test("a successful command prints nothing", async () => {
  await expect(act(() => Promise.resolve())).resolves.toEqual({ status: 0, errors: "" });
});

test.each([
  [new FarmError("no node 'x': ./farm outputs lists them"), 1, "farm: no node 'x': ./farm outputs lists them\n"],
  [new FarmError("later", 75), 75, "farm: later\n"],
  [new EndedWith(3), 3, ""],
  [
    new CommandError(["virsh"], { status: 1, stdout: "", stderr: "error: no domain\n" }),
    1,
    "farm: virsh ended with 1: error: no domain\n",
  ],
])("%p ends the command with its status and one line", async (error, status, errors) => {
  await expect(act(() => Promise.reject(error))).resolves.toEqual({ status, errors });
});

test("an unexpected error is one line, with the file of its stack trace and ./farm support", async () => {
  const { status, errors } = await act(() => Promise.reject(new TypeError("x is not a function\nmore")));
  const file = join(fake.home, ".cache/swarm-farm/logs/error.log");
  expect([status, errors]).toEqual([
    1,
    `farm: unexpected TypeError: x is not a function; its stack is in ${file}; ./farm support collects what a report needs\n`,
  ]);
  expect(readFileSync(file, "utf8")).toMatch(/^\d{4}-.*Z\nTypeError: x is not a function\nmore\n +at /);
});

test("a stack trace that cannot be written causes no second error", async () => {
  fake.write(".cache", "a file");
  const { errors } = await act(() => Promise.reject(new Error("boom")));
  expect(errors).toMatch(/^farm: unexpected Error: boom; its stack could not be written to .*\n$/);
});

/** A command that waits until it is interrupted. */
const waiting: CommandDefinition["run"] = ({ signal }) =>
  new Promise((_, reject) => {
    signal.addEventListener("abort", () => {
      reject(new Error("aborted"));
    });
  });

test.each(["SIGINT", "SIGTERM"])("%s ends a command and says what to do next", async (signal) => {
  const around = surroundings();
  const acting = act(waiting, around, { interrupted: "./farm act goes on where it stopped" });
  around.process.emit(signal);
  await expect(acting).resolves.toEqual({
    status: 130,
    errors:
      "farm: interrupted: it ends as soon as it can (Ctrl-C again: at once)\n" +
      "farm: 'act' was interrupted: ./farm act goes on where it stopped\n",
  });
  expect(around.process.listenerCount(signal)).toBe(0);
});

test("a second Ctrl-C ends the command at once", async () => {
  const around = surroundings();
  const acting = act(waiting, around);
  around.process.emit("SIGINT");
  around.process.emit("SIGINT");
  await acting;
  expect(around.exit).toHaveBeenCalledWith(130);
});

test("Ctrl-C belongs to a program that has the terminal", async () => {
  const around = surroundings();
  const acting = act(
    ({ signal }) => waiting({ signal } as never, {} as never).catch(() => Promise.reject(new EndedWith(1))),
    around,
    { passesOn: true },
  );
  around.process.emit("SIGINT");
  await expect(acting).resolves.toEqual({ status: 1, errors: "" });
});

test("a closed stdout ends the command quietly and a full disk with one line, a closed stderr does not end it", async () => {
  const around = surroundings();
  await act(() => Promise.resolve(), around);
  const closed = Object.assign(new Error("write EPIPE"), { code: "EPIPE" });
  around.process.stderr.emit("error", closed);
  expect(around.exit).not.toHaveBeenCalled();
  around.exit.mockImplementation(() => {
    throw new Error("ended");
  });
  expect(() => around.stdout.emit("error", closed)).toThrow("ended");
  expect(around.exit).toHaveBeenCalledWith(0);
  expect(() => around.stdout.emit("error", new Error("ENOSPC: no space left on device, write"))).toThrow("ended");
  expect(around.exit).toHaveBeenLastCalledWith(1);
  expect(around.errors()).toBe("farm: standard output cannot be written: ENOSPC: no space left on device, write\n");
});

test("help goes to stdout, and a wrong command line exits with 2 and writes no file", async () => {
  const around = surroundings();
  await expect(runFarm(() => [], ["--help"], around.process, fake.home)).resolves.toBe(0);
  expect(around.stdout.read()).toContain("Usage: ./farm");
  const up: CommandDefinition = { name: "up", summary: "builds", run: () => Promise.resolve() };
  await expect(runFarm(() => [up], ["x"], around.process, fake.home)).resolves.toBe(2);
  expect(around.errors()).toBe("farm: unknown command 'x'; ./farm help lists them all\n");
  expect(existsSync(join(fake.home, ".cache"))).toBe(false);
});

test.each([
  ["Lab", "the stack's name 'Lab' must be lower-case"],
  ["pulumi", "no stack can be named 'pulumi'"],
])("a stack named %s is refused", async (stack, message) => {
  const { status, errors } = await act(() => Promise.resolve(), surroundings({ PULUMI_STACK: stack }));
  expect([status, errors]).toEqual([1, expect.stringContaining(message)]);
});

test("a FARM_WAIT_SECONDS that is not a number is refused: a script would wait forever", async () => {
  const { errors } = await act(() => Promise.resolve(), surroundings({ FARM_WAIT_SECONDS: "10m" }));
  expect(errors).toBe("farm: FARM_WAIT_SECONDS is '10m': it must be a number of seconds, e.g. 1800\n");
});

test("a context comes from the command line and the environment", async () => {
  const around = surroundings({ FARM_ISOLATED: "1", PULUMI_STACK: "lab" });
  const contexts: unknown[] = [];
  await act((context) => Promise.resolve(contexts.push(context)).then(() => undefined), around);
  expect(contexts).toMatchObject([{ stack: "lab", isolated: true, interactive: false, repository: fake.home }]);
});
