import { dirname, join } from "node:path";
import { expectNone } from "../support/expect-none";
import { trackedFiles, type TrackedFile } from "../support/tracked-files";

/** Lines of tests for each line of source. */
const least = 0.9;

const files = trackedFiles().filter(({ path }) => /\.(tsx?|go|sh)$/.test(path));

const isTest = ({ path }: TrackedFile) => /\.test\.ts$|_test\.go$|^apps\/[^/]+\/test\//.test(path);

/** Code of the farm. Files in images are run by the live suites; infra's own files run in every test of tests/program. */
const sources = files.filter(
  (file) =>
    /^(apps|cli|compose|infra\/.+|stacks)\//.test(file.path) && !/\/(images?|fake)\//.test(file.path) && !isTest(file),
);

/** Tests that run without VMs, and the cases of compose files that they share. */
const tests = files.filter(
  (file) =>
    (isTest(file) && !/^tests\/(live|faults)\//.test(file.path)) || file.path.startsWith("tests/support/compose/"),
);

/**
 * `infra/swarm`, `stacks/lamp` or `apps/steward` of a file below it, `cli` of one in it. compose is one folder: its tests read whole
 * files through `readCompose`, and would fit any division into modules. So is stacks with its contract, which its own files use.
 */
function folderOf(path: string): string {
  const [top = "", folder = "", file] = path.split("/");
  const isOne = top === "compose" || (top === "stacks" && folder === "contract");
  return isOne || file === undefined ? top : `${top}/${folder}`;
}

/** Lines that are neither blank nor a comment. */
function linesOf({ path, text }: TrackedFile): number {
  const other = path.endsWith(".sh") ? /^\s*($|#)/ : /^\s*($|\/\/|\/?\*)/;
  return text.split("\n").filter((line) => !other.test(line)).length;
}

const lines = new Map<string, number>();
for (const file of sources) lines.set(folderOf(file.path), (lines.get(folderOf(file.path)) ?? 0) + linesOf(file));

/**
 * Each line of a test counts once: for the folder that the test's path mirrors, tests/unit/cli/engine and tests/components/swarm.test.ts
 * for instance, otherwise in even parts for those that it imports from. A test that counted in full for every folder that it needs to set
 * the scene would hide folders that have none of their own.
 */
function testedBy({ path, text }: TrackedFile): readonly string[] {
  if (path.startsWith("apps/")) return [folderOf(path)];
  const below = path.split("/").slice(2).join("/");
  const named = below.replace(/\.test\.ts$/, "/");
  const mirrored = [named, `infra/${named}`, `stacks/${named}`, below].map(folderOf).find((each) => lines.has(each));
  if (mirrored !== undefined) return [mirrored];
  const imported = [...text.matchAll(/from "(\.[^"]+)"/g)].map(([, to = ""]) => join(dirname(path), to));
  const folders = imported.map((to) => folderOf(isFolder(to) ? `${to}/index.ts` : `${to}.ts`));
  return [...new Set(folders)].filter((folder) => lines.has(folder));
}

const sourceFolders = new Set(sources.map(({ path }) => dirname(path)));

/** Whether an import is of a folder's index.ts: `stacks/contract`. */
function isFolder(path: string): boolean {
  return sourceFolders.has(path);
}

const tested = new Map<string, number>();
for (const test of tests) {
  const folders = testedBy(test);
  for (const folder of folders) tested.set(folder, (tested.get(folder) ?? 0) + linesOf(test) / folders.length);
}

const ratios = [...lines].map(([folder, source]) => ({ folder, ratio: (tested.get(folder) ?? 0) / source }));

test("the rule looks at the folders and their tests", () => {
  expect(lines.size).toBeGreaterThan(45);
  expect([...tested.keys()]).toEqual(
    expect.arrayContaining(["apps/steward", "cli/engine", "compose", "infra/swarm", "stacks", "stacks/lamp"]),
  );
});

test("each folder of source has at least 0.9 lines of tests for each line", () => {
  const few = ratios.filter(({ ratio }) => ratio < least).sort((a, b) => a.ratio - b.ratio);
  expectNone(
    few.map(({ folder, ratio }) => `${folder}: ${ratio.toFixed(2)}`),
    `A folder needs ${String(least)} lines of tests for each line of source: write tests of what a user sees, below tests/unit/<folder>.`,
  );
});
