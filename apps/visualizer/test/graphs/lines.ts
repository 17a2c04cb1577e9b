import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Query } from "../../server/graphs/catalog.ts";
import { graphOf } from "../../server/graphs/lines.ts";
import { type PanelInfo, seriesAtMost } from "../../shared/graphs.ts";
import { nodeIds } from "./metrics.ts";

const steps = { from: 0, to: 20_000, stepMs: 10_000 };
const panel: PanelInfo = { id: "p", view: "service", title: "P", unit: "number" };
const byTask: Query = { expression: "", line: { label: "task" } };
const found = (task: string, ...values: readonly (number | null)[]) => ({ labels: { task }, values });
const named = new Map([[nodeIds.worker1, "worker1"]]) as ReadonlyMap<string, string>;
const graph = (change: Partial<PanelInfo>, ...results: Parameters<typeof graphOf>[1]) =>
  graphOf({ ...panel, ...change }, results, steps, named);

test("lines have names that people know, in their order", () => {
  const { series } = graph({}, [
    byTask,
    [
      found("web.10", 1),
      found("web.9", 1),
      found(`agent.${nodeIds.worker1}`, 1),
      found(`agent.${"q".repeat(25)}`, 1),
      found("", 1),
    ],
  ]);
  assert.deepEqual(
    series.map(({ name }) => name),
    ["agent@qqqqqqqqqqqq", "agent@worker1", "web.9", "web.10", "without a name"],
  );
});

test("a bound is the last line, is there once, and is not cut", () => {
  const many = Array.from({ length: 40 }, (_, i) => found(`web.${i}`, i));
  const bound: Query = { expression: "", line: "limit", isBound: true };
  const { series, cut } = graph(
    {},
    [
      bound,
      [
        { labels: {}, values: [0] },
        { labels: {}, values: [1] },
      ],
    ],
    [byTask, many],
  );
  assert.deepEqual([series.length, cut], [seriesAtMost + 1, 40 - seriesAtMost]);
  assert.deepEqual(series.at(-1), { name: "limit", isBound: true, values: [0] });
  assert.deepEqual(series[0]?.name, "web.28");
});

test("the lines that stay are the highest, or the lowest where little is bad", () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.option(fc.nat(1000)), { minLength: 3, maxLength: 3 }), { maxLength: 40 }),
      (all) => {
        const lines = all.map((values, i) => found(`t${i}`, ...values));
        const numbers = (values: readonly (number | null)[]) => values.filter((value) => value !== null);
        for (const [keep, best] of [
          [undefined, (values: readonly (number | null)[]) => Math.max(-1, ...numbers(values))],
          ["lowest", (values: readonly (number | null)[]) => -Math.min(2000, ...numbers(values))],
        ] as const) {
          const { series, cut } = graph(keep === undefined ? {} : { keep }, [byTask, lines]);
          assert.equal(series.length + cut, all.length);
          assert.ok(series.length <= seriesAtMost);
          const kept = new Set(series.map(({ name }) => name));
          const left = lines.filter(({ labels }) => !kept.has(labels.task));
          const least = Math.min(...series.map(({ values }) => best(values)));
          assert.ok(left.every(({ values }) => best(values) <= least));
        }
      },
    ),
  );
});

test("lines that are always 0 are left out where only others matter, and one says that there are data", () => {
  const lines = [found("a", 0, 0, 0), found("b", 0, 2, 0), found("c", null, null, 0)];
  const quiet = { allZero: "none" };
  assert.deepEqual(
    graph(quiet, [byTask, lines]).series.map(({ name }) => name),
    ["b"],
  );
  assert.deepEqual(graph(quiet, [byTask, [found("a", 0, 0, 0), found("c", 0)]]).series, [
    { name: "all", values: [0, 0, 0] },
  ]);
  assert.deepEqual(graph(quiet, [byTask, []]).series, []);
  assert.equal(graph({}, [byTask, lines]).series.length, 3);
});

test("a name of any length is bounded", () => {
  assert.equal(graph({}, [byTask, [found("x".repeat(9000), 1)]]).series[0]?.name.length, 120);
});
