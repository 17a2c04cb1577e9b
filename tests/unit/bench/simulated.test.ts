import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { composeFile, configOf } from "../../../bench/simulated/farm";
import { growthTable, perNodeRatio } from "../../../bench/simulated/table";
import { checkAll } from "../../../stacks/config";

describe("the configuration of a measured farm", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "simulated-"));
    writeFileSync(join(folder, "compose.yaml"), composeFile());
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  test.each([4, 250])("is one that the farm takes, with %i nodes", (nodes) => {
    const size = { nodes, services: nodes * 10 };
    const config = configOf(size, "qemu+unix:///system?socket=/s", join(folder, "compose.yaml"));
    const checked = Object.values(checkAll(config, folder).config.nodes);
    expect(checked.filter(({ role }) => role === "manager")).toHaveLength(3);
    expect(checked).toHaveLength(nodes);
    expect(Object.keys(config.stacks as object)).toHaveLength(nodes);
  });
});

describe("the table of growth", () => {
  const runs = new Map([
    [4, [8, 9, 10]],
    [8, [10, 11, 12]],
    [16, [20, 23, 24]],
  ]);

  test("has medians, the part of each node, and that of each node more", () => {
    expect(growthTable([{ name: "s", runs, digits: 0 }]).split("\n")).toEqual([
      "| nodes | s | per node | per further node |",
      "| --- | --- | --- | --- |",
      "| 4 | 9 | 2.25 |  |",
      "| 8 | 11 | 1.38 | 0.50 |",
      "| 16 | 23 | 1.44 | 1.50 |",
    ]);
  });

  test("a node's ratio is the median of those of each run: a slow run counts in both of its sizes", () => {
    expect(perNodeRatio(runs, 4, 16)).toBeCloseTo(20 / 16 / (8 / 4));
    const linear = new Map([
      [1, [1, 5, 2]],
      [10, [10, 50, 20]],
    ]);
    expect(perNodeRatio(linear, 1, 10)).toBe(1);
  });
});
