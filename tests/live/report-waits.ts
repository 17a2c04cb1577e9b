import { basename } from "node:path";
import { nameParts, waitLines, waitsSoFar } from "./waits";

nameParts(() => expect.getState().currentTestName ?? "before the first test");

/** Jest runs this beside each file of live tests. */
afterAll(() => {
  const lines = waitLines(waitsSoFar());
  if (lines.length === 0) return;
  const file = basename(expect.getState().testPath ?? "");
  process.stderr.write(`waits of ${file}, by test:\n${lines.map((line) => `${line}\n`).join("")}`);
});
