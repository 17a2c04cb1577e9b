import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { activityBetween } from "../../server/activity.ts";
import { reduce } from "../../server/cluster-state.ts";
import { emptyClusterState, type Node, type ClusterState, type Service, type Task } from "../../shared/model.ts";
import { anyReading } from "../arbitrary.ts";
import { aNode, aService, aTask, stateOf } from "../samples.ts";

const node = aNode();
const service = aService();
const task = aTask();
const all = stateOf([node], [service], [task]);

const texts = (after: ClusterState, before = all): string[] =>
  activityBetween(before, after, 5).map((line) =>
    [line.level, line.subject.name, line.verb, line.on && `on ${line.on.name}`, line.detail].filter(Boolean).join(" "),
  );

test("changes of a node are described in words", () => {
  const now = (change: Partial<Node>): string[] => texts(stateOf([{ ...node, ...change }], [service], [task]));
  assert.deepEqual(now({ state: "down", message: "heartbeat failure" }), ["bad worker1 is down heartbeat failure"]);
  assert.deepEqual(now({ availability: "drain" }), ["warn worker1 is drained"]);
  assert.deepEqual(now({ role: "manager", reachability: "reachable" }), [
    "plain worker1 is a manager now",
    "good worker1 is reachable as a manager",
  ]);
  assert.deepEqual(texts(stateOf([], [service], [task])), ["warn worker1 left the swarm"]);
  assert.deepEqual(now({ labels: { a: "b" } }), []);
});

test("changes of a service are described in words", () => {
  const now = (change: Partial<Service>): string[] => texts(stateOf([node], [{ ...service, ...change }], [task]));
  assert.deepEqual(now({ desiredTasks: 5 }), ["plain web is scaled from 2 to 5"]);
  assert.deepEqual(now({ image: "nginx:2", update: { state: "updating", message: "update in progress" } }), [
    "plain web has another image nginx:2",
    "plain web is being updated update in progress",
  ]);
  assert.deepEqual(now({ update: { state: "paused", message: "task failed" } }), [
    "bad web has stopped its update task failed",
  ]);
  assert.deepEqual(now({ running: 1 }), []);
});

test("changes of a task are described in words, without its transient states", () => {
  const now = (change: Partial<Task>): string[] => texts(stateOf([node], [service], [{ ...task, ...change }]));
  assert.deepEqual(now({ state: "failed", reason: "task: non-zero exit (137)", exitCode: 137 }), [
    "bad web.1 failed on worker1 task: non-zero exit (137), exit 137",
  ]);
  assert.deepEqual(now({ state: "shutdown" }), ["plain web.1 was shut down on worker1"]);
  assert.deepEqual(now({ state: "preparing" }), []);
  assert.deepEqual(now({ state: "pending", nodeId: "", reason: "no suitable node" }), [
    "warn web.1 waits no suitable node",
  ]);
  assert.deepEqual(texts(stateOf([node], [service], [])), []);
});

test("a task's end comes before the start of its replacement", () => {
  const failed = { ...task, state: "failed", stateAt: 10 };
  const next = { ...task, id: "t2", createdAt: 10, stateAt: 11 };
  assert.deepEqual(texts(stateOf([node], [service], [next, failed])), [
    "bad web.1 failed on worker1",
    "good web.1 runs on worker1",
  ]);
});

test("nothing happens between a state and itself, and every line has a name to show", () => {
  fc.assert(
    fc.property(anyReading, anyReading, (one, other) => {
      const before = reduce(emptyClusterState, { kind: "reading", reading: one });
      const after = reduce(before, { kind: "reading", reading: other });
      assert.deepEqual(activityBetween(after, after, 1), []);
      for (const line of activityBetween(before, after, 1)) assert.ok(line.verb && line.subject.id);
    }),
  );
});
