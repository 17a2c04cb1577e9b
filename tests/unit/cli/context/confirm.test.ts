import { PassThrough, Readable } from "node:stream";
import { confirmed } from "../../../../cli/context/confirm";

async function ask(answer: string, interactive = true, signal = new AbortController().signal) {
  const output = new PassThrough();
  const yes = await confirmed({ interactive, signal }, "go on?", { input: Readable.from([answer]), output });
  return [yes, String(output.read() ?? "")];
}

test.each([
  ["y\n", true],
  ["Yes\n", true],
  ["no\n", false],
  ["\n", false],
])("a user answers %j", async (answer, yes) => {
  expect(await ask(answer)).toEqual([yes, "go on? [y/N] "]);
});

test("without a terminal there is no prompt, and the answer is no", async () => {
  expect(await ask("y\n", false)).toEqual([false, ""]);
});

test("Ctrl-C means no", async () => {
  expect((await ask("y\n", true, AbortSignal.abort()))[0]).toBe(false);
});
