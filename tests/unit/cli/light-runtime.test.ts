import { execFileSync } from "node:child_process";
import { repository } from "../support/program";

/** Runs lines of a program after the module, in a Node.js of its own: what it changes holds for a whole process. */
function after(...lines: readonly string[]): unknown {
  const program = [
    'Error.prepareStackTrace = (error, frames) => error.message + ": " + frames.length + " frames";',
    'require("./infra/light-runtime");',
    "const print = (value) => console.log(JSON.stringify(value));",
    ...lines,
  ].join("\n");
  const text = execFileSync("node", ["--import", "tsx", "--input-type=commonjs", "--eval", program], {
    cwd: repository,
    encoding: "utf8",
  });
  return JSON.parse(text);
}

test("of the SDK's traces, those of promises are not translated, those of resources as far as the program goes", () => {
  expect(
    after(
      "const frame = (name, file) => ({ getFunctionName: () => name, getFileName: () => file });",
      'const run = [frame("", "index.ts"), frame("load", "node:internal/modules/cjs/loader"), frame("run", "run.js")];',
      'const takers = ["debuggablePromise", "callsites", "other"];',
      'print(takers.map((taker) => Error.prepareStackTrace(new Error("why"), [frame(taker, "sdk.js"), ...run])));',
    ),
  ).toEqual(["Error: why", "why: 2 frames", "why: 4 frames"]);
});

test("debug messages go nowhere", () => {
  expect(after('require("@pulumi/pulumi").log.debug("hello").then((said) => print(said === undefined));')).toBe(true);
});

test("npm's installer is loaded when it is asked for, and is the real one", () => {
  expect(
    after(
      'require("@pulumi/pulumi");',
      'const loaded = () => Object.keys(require.cache).some((file) => file.includes("node_modules/pacote/"));',
      "const before = loaded();",
      'const { Arborist } = require("@npmcli/arborist");',
      "print([before, loaded(), typeof Arborist.prototype.loadActual]);",
    ),
  ).toEqual([false, true, "function"]);
});
