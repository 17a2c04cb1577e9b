import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import fc from "fast-check";
import { catalog, type Subject } from "../../server/graphs/catalog.ts";
import { lookbackOf } from "../../server/graphs/promql.ts";
import { GraphReader } from "../../server/graphs/reader.ts";
import { type Range, panels, ranges, steps } from "../../shared/graphs.ts";
import { farmMetrics, nodeIds, openMetrics } from "./metrics.ts";
import { prometheusWith, withoutPrometheus } from "./prometheus-program.ts";

const subjects = { farm: "", node: "worker1", service: "shop_web", route: "shop" } as const;
const expressionsOf = (subject: Subject, range: Range = "1h"): readonly string[] =>
  panels.flatMap(({ id }) =>
    catalog[id](lookbackOf(ranges[range] / steps / 1000), subject).map(({ expression }) => expression),
  );

test("graphs use the metrics of the sample, and the exporter has those that are its own", () => {
  const all = expressionsOf({ name: "x", nodeIds: [] }).join("\n");
  const used = new Set(all.match(/\b(node|container|swarm_farm|probe)_[a-zA-Z_]+(?=[{[) ]|$)/gm));
  const known = farmMetrics.map(({ name }) => name);
  assert.deepEqual([...used].sort(), [...known].sort());
  const exporter = join(import.meta.dirname, "../../../exporter/internal");
  const source = readdirSync(exporter, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".go") && !path.endsWith("_test.go"))
    .map((path) => readFileSync(join(exporter, path), "utf8"))
    .join("\n");
  const own = known.filter((name) => /^(container|swarm_farm)_/.test(name));
  assert.equal(own.length, 7);
  for (const name of own) assert.ok(source.includes(`"${name}"`), name);
});

test("only the graphs of a thing have its name in their queries", () => {
  const name = "A-NAME";
  for (const { id, view } of panels) {
    const queries = catalog[id](lookbackOf(15), { name, nodeIds: [name] });
    assert.equal(
      queries.length > 0 && queries.every(({ expression }) => expression.includes(name)),
      view !== "farm",
      id,
    );
  }
});

/** Reads graphs of a farm that was watched between two times, in seconds. */
async function readerOf(t: TestContext, from: number, to: number): Promise<GraphReader> {
  return new GraphReader({
    prometheus: await prometheusWith(t, openMetrics(farmMetrics, from, to, 30)),
    nodeNames: () => new Map(Object.entries(nodeIds).map(([name, id]) => [id, name])),
    inTurn: (job) => job(),
    signal: new AbortController().signal,
  });
}

test("a node that is watched for a minute is as busy as it is", { skip: withoutPrometheus }, async (t) => {
  const now = Math.floor(Date.now() / 1000);
  const reader = await readerOf(t, now - 60, now);
  for (const [panel, view, expected] of [
    ["farm-cpu", "farm", { manager1: 0.25, worker1: 0.25 }],
    ["node-cpu", "node", { iowait: 0.05, system: 0.05, user: 0.2 }],
  ] as const) {
    const graph = await reader.graph({ panel, view, subject: subjects[view], range: "1h" });
    assert.ok("series" in graph);
    const last = graph.series.map(({ name, values }) => [name, Number(values.at(-1)?.toPrecision(5))]);
    assert.deepEqual(Object.fromEntries(last), expected);
  }
});

test("a real Prometheus has data for every graph in every range", { skip: withoutPrometheus }, async (t) => {
  const now = Math.floor(Date.now() / 1000);
  const reader = await readerOf(t, now - 7_200, now);
  assert.deepEqual(await reader.routes(), { routes: ["shop", "visualizer"] });
  const gib = 1024 ** 3;
  const near = (value: number) => Number(value.toPrecision(5));
  const expected: Readonly<Record<string, Readonly<Record<string, number>>>> = {
    "farm-cpu": { manager1: 0.25, worker1: 0.25 },
    "farm-memory": { manager1: 0.75, worker1: 0.75 },
    "farm-disk": { manager1: 0.7, worker1: 0.7 },
    "farm-missing": { shop_web: 1 },
    "farm-requests": { shop: 10, visualizer: 9.5 },
    "farm-errors": { shop: 0.5 },
    "node-cpu": { iowait: 0.05, system: 0.05, user: 0.2 },
    "node-memory": { used: near(1.5 * gib), total: near(2 * gib) },
    "node-disk": { "/": near(4 * gib), "/srv": near(3 * gib) },
    "node-task-cpu": { "agent@worker1": 0.3, "shop_web.2": 0.2 },
    "node-task-memory": { "agent@worker1": 3e7, "shop_web.2": 2e7 },
    "service-tasks": { running: 2, desired: 3 },
    "service-failed": { failed: 1 },
    "service-cpu": { "shop_web.1": 0.1, "shop_web.2": 0.2 },
    "service-memory": { "shop_web.1": 1e7, "shop_web.2": 2e7, "limit of each": 1e8 },
    "route-requests": { "2xx": 9, "3xx": 0, "4xx": 0.5, "5xx": 0.5 },
    "route-errors": { failed: 0.05 },
    "route-time": { "until the answer": 0.125 },
    "route-probe": { succeeded: 1 },
  };
  for (const range of Object.keys(ranges) as Range[]) {
    for (const { id, view } of panels) {
      const graph = await reader.graph({ panel: id, view, subject: subjects[view], range });
      assert.ok(!("problem" in graph), `${id} ${range}: ${JSON.stringify(graph)}`);
      assert.equal(graph.cut, 0);
      assert.ok(graph.series.every(({ values }) => values.length === steps + 1));
      const last = graph.series.map(({ name, values }) => [name, near(values.at(-1) ?? NaN)]);
      assert.deepEqual(Object.fromEntries(last), expected[id], `${id} ${range}`);
    }
  }
  // A name of a viewer is only ever a value of a label.
  const hostile = fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom('"', "\\", '"} or up{', "\u2028", "é", ".*"));
  const names = fc.sample(hostile, { numRuns: 40, seed: 1 }).filter((text) => !/\p{Surrogate}/u.test(text));
  for (const subject of names.filter((name) => name !== "")) {
    for (const [panel, view] of [
      ["service-tasks", "service"],
      ["node-memory", "node"],
    ] as const) {
      const graph = await reader.graph({ panel, view, subject, range: "1h" });
      assert.deepEqual("series" in graph && graph.series, [], `${JSON.stringify(subject)}: ${JSON.stringify(graph)}`);
    }
  }
});
