import { dirname, join } from "node:path";
import { expectNone } from "../support/expect-none";
import { sources, type Source } from "../support/sources";

/** Lines of tests for each line of source. */
const least = 0.9;

/** The parts that a test of a folder is about; infra/index.ts and infra/outputs.ts run in every test of tests/program. */
const files = sources("cli", "compose", "infra", "stacks").filter(({ path }) => !/^infra\/[^/]+$/.test(path));

/** Tests, and the cases of compose files that they share. */
const tests = sources("tests").filter(({ path }) => /\.test\.ts$|^tests\/support\/compose\//.test(path));

/** `cli/engine` or `infra/swarm` of a file below it, `cli` of one in it; compose and stacks are one each. */
function folderOf(path: string): string {
  const [top = "", folder = "", file] = path.split("/");
  return top === "compose" || top === "stacks" || file === undefined ? top : `${top}/${folder}`;
}

/** Lines that are neither blank nor a comment. */
function linesOf({ text }: Source): number {
  return text.split("\n").filter((line) => !/^\s*($|\/\/|\/?\*)/.test(line)).length;
}

const lines = new Map<string, number>();
for (const file of files) lines.set(folderOf(file.path), (lines.get(folderOf(file.path)) ?? 0) + linesOf(file));

/**
 * A test counts for the folder that its path mirrors: tests/unit/cli/engine is of cli/engine, tests/unit/swarm of infra/swarm. A test
 * elsewhere counts for each folder that it imports from.
 */
function testedBy({ path, text }: Source): readonly string[] {
  const [, , ...below] = path.split("/");
  const place = below.join("/");
  const mirrored = [place, `infra/${place}`].map(folderOf).find((folder) => folder !== "cli" && lines.has(folder));
  if (mirrored !== undefined && below.length > 1) return [mirrored];
  const imported = [...text.matchAll(/from "(\.[^"]+)"/g)].map(([, to = ""]) =>
    folderOf(`${join(dirname(path), to)}.ts`),
  );
  return [...new Set(imported)].filter((folder) => lines.has(folder));
}

const tested = new Map<string, number>();
for (const test of tests)
  for (const folder of testedBy(test)) tested.set(folder, (tested.get(folder) ?? 0) + linesOf(test));

test("the rule looks at the folders and their tests", () => {
  expect(lines.size).toBeGreaterThan(25);
  expect([...tested.keys()]).toEqual(expect.arrayContaining(["cli/engine", "infra/swarm", "stacks", "compose"]));
});

test("each folder of source has at least 0.9 lines of tests a line", () => {
  const few = [...lines].flatMap(([folder, source]) => {
    const ratio = (tested.get(folder) ?? 0) / source;
    return ratio < least
      ? [`${folder}: ${String(tested.get(folder) ?? 0)} of ${String(source)} is ${ratio.toFixed(2)}`]
      : [];
  });
  expectNone(
    few,
    `A folder needs ${String(least)} lines of tests for each line of source: write tests of what a user sees, below tests/unit/<folder>.`,
  );
});
