import assert from "node:assert/strict";
import { test } from "node:test";
import { LatencyTracker } from "../../src/latency.ts";
import { observe, quietMs, steadyMs } from "../../src/observe.ts";
import type { Plan } from "../../src/rebalance/plan.ts";
import { aNode, aService, aTask, snapshot } from "../samples.ts";

const nodes = [aNode("a"), aNode("b")];
const tasks = [aTask("a"), aTask("b")];
const first = observe(undefined, snapshot(nodes, tasks), 0);

test("only changes that affect a service end its stabilization window", () => {
  const [one, two] = tasks;
  assert.ok(one && two);
  const cases: readonly (readonly [string, ReturnType<typeof snapshot>, number, number])[] = [
    ["nothing", snapshot(nodes, tasks), 100, 100],
    ["another order of Docker's lists", snapshot([...nodes].reverse(), [two, one]), 100, 100],
    ["an ended task more", snapshot(nodes, [...tasks, aTask("a", { state: "failed" })]), 100, 100],
    ["another service's task", snapshot(nodes, [...tasks, aTask("a", { serviceId: "o" })]), 100, 100],
    ["a task's state", snapshot(nodes, [one, { ...two, state: "starting" }]), 0, 0],
    ["a task's node", snapshot(nodes, [one, { ...two, nodeId: "a" }]), 0, 0],
    ["the service's spec", snapshot(nodes, tasks, [aService({ version: 2 })]), 0, 0],
    ["a node's state", snapshot([aNode("a"), aNode("b", { state: "down" })], tasks), 0, 100],
    ["a node that left", snapshot([aNode("a")], tasks), 0, 100],
    ["a node's labels", snapshot([aNode("a", { labels: { zone: "a" } }), aNode("b")], tasks), 100, 100],
  ];
  for (const [what, later, quiet, steady] of cases) {
    const seen = observe(first, later, 100);
    assert.deepEqual([quietMs(seen, "s", 100), steadyMs(seen, "s", 100)], [quiet, steady], what);
  }
});

test("a service that is new, or came back, has been quiet for no time", () => {
  assert.deepEqual([quietMs(first, "other", 500), steadyMs(first, "other", 500)], [0, 0]);
  const without = observe(first, snapshot(nodes, [], []), 100);
  const back = observe(without, snapshot(nodes, tasks), 200);
  assert.equal(quietMs(back, "s", 250), 50);
});

const none: Plan = { moves: [], refusals: [] };
const refused = (code: "converging" | "updating" | "stuck"): Plan => ({
  moves: [],
  refusals: [{ serviceId: "s", service: "web", code, reason: "" }],
});

test("the time to balance runs from a node's return until nothing is left to do", () => {
  const tracker = new LatencyTracker();
  const down = snapshot([aNode("a"), aNode("b", { state: "down" })], tasks);
  const up = snapshot(nodes, tasks);
  const looks: readonly (readonly [ReturnType<typeof snapshot>, boolean, Plan, number | undefined])[] = [
    [down, false, none, undefined],
    [up, false, refused("converging"), undefined],
    [up, true, none, undefined],
    [up, false, none, 2],
    [up, false, none, undefined],
  ];
  looks.forEach(([seen, moving, plan, expected], i) => {
    assert.equal(
      tracker.nodes(seen, moving, () => plan, i * 1_000),
      expected,
      `look ${i}`,
    );
  });
});

test("a node whose return leaves nothing to do is not measured, and a second return starts again", () => {
  const tracker = new LatencyTracker();
  const look = (opened: number, plan: Plan, now: number) =>
    tracker.nodes(snapshot(nodes.slice(0, opened), []), false, () => plan, now);
  look(1, none, 0);
  assert.equal(look(2, none, 1_000), undefined);
  look(1, none, 2_000);
  assert.equal(look(2, refused("updating"), 3_000), undefined);
  look(1, refused("updating"), 4_000);
  look(2, refused("updating"), 5_000);
  assert.equal(look(2, refused("stuck"), 9_000), 4, "what cannot be balanced is not waited for");
});

test("the time to grow runs from the load until all replicas run, if the service grew at all", () => {
  const tracker = new LatencyTracker();
  const look = (replicas: number, running: number, recommended: number | undefined, now: number) => {
    const all = Array.from({ length: replicas }, (_, i) => aTask("a", { state: i < running ? "running" : "starting" }));
    return tracker.load(snapshot(nodes, all, [aService({ replicas })]), "s", recommended, now);
  };
  assert.equal(look(2, 2, undefined, 0), undefined);
  assert.equal(look(2, 2, 4, 1_000), undefined);
  assert.equal(look(2, 2, 2, 2_000), undefined, "the load went by itself");
  assert.equal(look(2, 2, 4, 3_000), undefined);
  tracker.grew("s");
  assert.equal(look(4, 3, 4, 5_000), undefined);
  assert.equal(look(4, 4, 4, 9_000), 6);
  assert.equal(look(4, 4, 4, 10_000), undefined);
  assert.equal(tracker.load(snapshot(nodes, [], []), "s", 4, 11_000), undefined, "a removed service has no time");
});
