import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expectNone } from "../support/expect-none";
import { cyclesOf, fileGraph, folderCycleText, folderGraph } from "../support/import-graph";
import { repository } from "../support/sources";
import { trackedFiles } from "../support/tracked-files";

/** A file of tests that are run together is where they begin: nothing imports it. */
const files = fileGraph(
  trackedFiles()
    .filter(({ path }) => /^(index\.ts$|(compose|infra|stacks|cli|apps|scripts|bench)\/.*\.tsx?$)/.test(path))
    .filter(({ path }) => !path.endsWith(".test.ts")),
);
const folders = folderGraph(files);
const cycles = cyclesOf(folders);

test("the rules look at the whole program", () => {
  expect(files.size).toBeGreaterThan(300);
  expect([...folders.keys()]).toEqual(
    expect.arrayContaining([".", "infra/net", "stacks", "cli", "apps/visualizer/page"]),
  );
  expect(folders.get("cli")).toContain("cli/commands");
});

test("no files import each other, by whatever way", () => {
  expectNone(
    cyclesOf(files).map((cycle) => cycle.join(" → ")),
    "Move what both need into a third file.",
  );
});

test("no folders import each other, by whatever way", () => {
  expectNone(
    cycles.map((cycle) => folderCycleText(files, cycle)),
    "Move what both need into a folder below both, or what joins them into one above; docs/architecture.md has the layers.",
  );
});

test("docs/architecture.md names every folder of infra and of ./farm", () => {
  const page = readFileSync(join(repository, "docs", "architecture.md"), "utf8");
  const places = [...folders.keys()].filter((folder) => /^(infra|cli)\/[^/]+$/.test(folder));
  expectNone(
    places.filter((folder) => !page.includes(`| \`${folder}\` |`)),
    "Say in one sentence what lives there.",
  );
});

test("a cycle of folders is named with the imports that make it", () => {
  const graph = fileGraph([
    { path: "a/one.ts", text: 'import type { Two } from "../b/two";\nimport { three } from "./three";\n' },
    { path: "a/three.ts", text: "" },
    { path: "b/two.ts", text: 'export * from "../c";\nimport "./four.ts";\n' },
    { path: "b/four.ts", text: "" },
    { path: "c/index.ts", text: 'const later = () => import("../a/three");\n' },
  ]);
  expect(cyclesOf(graph)).toEqual([]);
  expect(cyclesOf(folderGraph(graph)).map((cycle) => folderCycleText(graph, cycle))).toEqual([
    "c → a → b → c\n    a/one.ts imports b/two.ts\n    b/two.ts imports c/index.ts\n    c/index.ts imports a/three.ts",
  ]);
});
