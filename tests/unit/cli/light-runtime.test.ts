import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { repository } from "../../support/program";

let folder: string;
let sdk: string;

/** The repository's SDK, with a program of the test's where Pulumi's own is. */
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "light-"));
  sdk = join(folder, "node_modules", "@pulumi", "pulumi");
  mkdirSync(sdk, { recursive: true });
  const real = join(repository, "node_modules", "@pulumi", "pulumi");
  for (const entry of readdirSync(real).filter((name) => name !== "cmd" && name !== "package.json"))
    symlinkSync(join(real, entry), join(sdk, entry));
  symlinkSync(join(repository, "node_modules", "@npmcli"), join(folder, "node_modules", "@npmcli"));
  setVersion("3.259.0");
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function setVersion(version: string): void {
  writeFileSync(join(sdk, "package.json"), JSON.stringify({ name: "@pulumi/pulumi", version, main: "index.js" }));
}

/** Runs a program as Pulumi's language host runs its own, or elsewhere, with the preload. */
function preloaded(lines: readonly string[], { at = "cmd/run" } = {}): unknown {
  const program = [
    'Error.prepareStackTrace = (error, frames) => error.message + ": " + frames.length + " frames";',
    "const print = (value) => console.log(JSON.stringify(value));",
    ...lines,
  ];
  mkdirSync(join(sdk, at), { recursive: true });
  writeFileSync(join(sdk, at, "index.js"), program.join("\n"));
  const preload = join(repository, "cli", "light-runtime.cjs");
  return JSON.parse(execFileSync("node", ["--require", preload, join(sdk, at)], { encoding: "utf8" }));
}

const traces = [
  "const frame = (name, file) => ({ getFunctionName: () => name, getFileName: () => file });",
  'const run = [frame("", "index.ts"), frame("load", "node:internal/modules/cjs/loader"), frame("run", "run.js")];',
  'const takers = ["debuggablePromise", "callsites", "other"];',
  'print(takers.map((taker) => Error.prepareStackTrace(new Error("why"), [frame(taker, "sdk.js"), ...run])));',
];
const lightened = ["Error: why", "why: 2 frames", "why: 4 frames"];

test("does not translate the SDK's traces of promises, and translates those of resources up to the program's frames", () => {
  expect(preloaded(traces)).toEqual(lightened);
});

test("wraps a replaced or restored translator once", () => {
  const again = [
    "const first = Error.prepareStackTrace;",
    "Error.prepareStackTrace = (error, frames) => frames;",
    "const raw = new Error().stack.length > 0;",
    "Error.prepareStackTrace = first;",
    "if (!raw || Error.prepareStackTrace !== first) throw new Error();",
  ];
  expect(preloaded([...again, ...traces])).toEqual(lightened);
});

test("debug messages are discarded", () => {
  const lines = ['require("@pulumi/pulumi/log").debug("hello").then((said) => print(said === undefined));'];
  expect(preloaded(lines)).toBe(true);
});

test("loads npm's installer on demand, and it is the real one", () => {
  expect(
    preloaded([
      'require("@pulumi/pulumi");',
      'const loaded = () => Object.keys(require.cache).some((file) => file.includes("node_modules/pacote/"));',
      "const before = loaded();",
      'const { Arborist } = require("@npmcli/arborist");',
      "print([before, loaded(), typeof Arborist.prototype.loadActual]);",
    ]),
  ).toEqual([false, true, "function"]);
});

const untouched = ["why: 4 frames", "why: 4 frames", "why: 4 frames"];

test("does not change another version of the SDK", () => {
  setVersion("3.260.0");
  expect(preloaded(traces)).toEqual(untouched);
});

test("does not change another program than Pulumi's run", () => {
  expect(preloaded(traces, { at: "cmd/run-plugin" })).toEqual(untouched);
});

test("does not change an SDK with other internals", () => {
  rmSync(join(folder, "node_modules", "@npmcli"));
  expect(preloaded(traces)).toEqual(untouched);
});

test("is written for the version in package.json", () => {
  const { devDependencies } = JSON.parse(readFileSync(join(repository, "package.json"), "utf8")) as {
    devDependencies: Record<string, string>;
  };
  const preload = readFileSync(join(repository, "cli", "light-runtime.cjs"), "utf8");
  expect(preload).toContain(`const writtenFor = "${devDependencies["@pulumi/pulumi"] ?? ""}";`);
});
