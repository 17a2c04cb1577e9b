import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { densityOf } from "../../page/density.ts";
import { fold, verbFor } from "../../page/fold.ts";
import { formatRoute, parseRoute, type Route } from "../../page/route.ts";
import { groupOf, groups } from "../../page/states.ts";
import { columnsOf } from "../../page/view.ts";
import { reduce } from "../../server/cluster-state.ts";
import { span } from "../../shared/ages.ts";
import { emptyClusterState, type ActivityLine, type ClusterState } from "../../shared/model.ts";
import { anyReading, anyTask } from "../arbitrary.ts";

const all: Route = parseRoute("");
const anyClusterState: fc.Arbitrary<ClusterState> = anyReading.map((reading) =>
  reduce(emptyClusterState, { kind: "reading", reading }),
);
const anyText = fc.string({ unit: "grapheme" });

test("every view has an address that leads back to it", () => {
  const any = fc.record({
    service: anyText,
    node: anyText,
    state: anyText,
    q: anyText,
    task: anyText,
    show: anyText,
    as: anyText,
    graphs: anyText,
    route: anyText,
    range: anyText,
    at: anyText,
  });
  fc.assert(
    fc.property(any, (route) => {
      assert.deepEqual(parseRoute(formatRoute(route)), { ...route });
    }),
  );
  assert.deepEqual(parseRoute("#unknown=1&service=web"), { ...all, service: "web" });
});

test("every task is in exactly one column, on its node or among those without one", () => {
  fc.assert(
    fc.property(anyClusterState, (clusterState) => {
      const columns = columnsOf(clusterState, all, []);
      const shown = columns.flatMap((column) => column.rows.map((row) => row.task.id));
      assert.deepEqual(shown.sort(), [...clusterState.tasks.keys()].sort());
      for (const { id, rows } of columns) {
        for (const { task } of rows) assert.equal(clusterState.nodes.has(task.nodeId) ? task.nodeId : "", id);
      }
    }),
  );
});

test("unchanged content stays the same object, so that it is not drawn again", () => {
  fc.assert(
    fc.property(anyClusterState, anyTask, (clusterState, task) => {
      const before = columnsOf(clusterState, all, []);
      assert.equal(columnsOf({ ...clusterState }, all, before), before);
      const after = columnsOf({ ...clusterState, tasks: new Map(clusterState.tasks).set(task.id, task) }, all, before);
      const touched = new Set([task.nodeId, clusterState.tasks.get(task.id)?.nodeId ?? ""]);
      for (const column of after) {
        const old = before.find((one) => one.id === column.id);
        if (old && column.id !== "" && !touched.has(column.id)) assert.equal(column, old);
      }
    }),
  );
});

test("a filter shows the tasks that match it, and only those", () => {
  fc.assert(
    fc.property(anyClusterState, fc.constantFrom(...groups), (clusterState, state) => {
      const shown = columnsOf(clusterState, { ...all, state }, []).flatMap((column) => column.rows);
      const expected = [...clusterState.tasks.values()].filter((task) => groupOf(task) === state);
      assert.deepEqual(new Set(shown.map((row) => row.task)), new Set(expected));
    }),
  );
});

test("tasks become tiles by their number, without flickering at the border, or as one wants", () => {
  assert.equal(densityOf(60, 8, "", "roomy"), "roomy");
  assert.equal(densityOf(300, 8, "", "roomy"), "dense");
  assert.equal(densityOf(2_000, 50, "", "dense"), "tiles");
  assert.equal(densityOf(400, 50, "", "tiles"), "tiles");
  assert.equal(densityOf(400, 50, "", "roomy"), "roomy");
  assert.equal(densityOf(2_000, 50, "names", "tiles"), "dense");
  assert.equal(densityOf(3, 1, "tiles", "roomy"), "tiles");
});

test("many tasks with the same event at one time are one line; failures are shown one by one", () => {
  const line = (id: number, verb: string, level: ActivityLine["level"] = "plain"): ActivityLine => ({
    id,
    at: 1,
    level,
    verb,
    subject: { kind: "task", id: `t${id}`, name: `web.${id}` },
    on: { kind: "node", id: "n1", name: "worker1" },
  });
  const folded = fold([line(4, "failed", "bad"), line(3, "failed", "bad"), line(2, "runs"), line(1, "runs")]);
  assert.deepEqual(
    folded.map(({ names }) => names),
    [["web.4"], ["web.3"], ["web.2", "web.1"]],
  );
  assert.equal(verbFor("runs", 2), "run");
  assert.equal(verbFor("runs", 1), "runs");
});

test("ages are shown in their largest unit, and never in the future", () => {
  assert.deepEqual([-5e9, 0, 1_500, 61_000, 3 * 3_600_000, 90_000_000].map(span), [
    "now",
    "now",
    "1 s",
    "1 min",
    "3 h",
    "1 d",
  ]);
});
