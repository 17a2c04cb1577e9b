import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { skewOf, withFewer, withOneMore } from "../../src/rebalance/balance.ts";
import { candidatesOf, describe, type CandidateNode } from "../../src/rebalance/candidates.ts";
import { aNode, aService, aTask, snapshot } from "../samples.ts";

const candidate = (count: number, change: Partial<CandidateNode> = {}): CandidateNode => ({
  node: aNode("n"),
  branch: [],
  count,
  total: count,
  room: Infinity,
  eligible: true,
  ...change,
});
const anyCandidates = fc.array(
  fc.record({
    node: fc.constant(aNode("n")),
    branch: fc.tuple(fc.constantFrom("a", "b"), fc.constantFrom("x", "y", "")),
    count: fc.nat(6),
    total: fc.nat(20),
    room: fc.constantFrom(0, 1, 3, Infinity),
    eligible: fc.boolean(),
  }),
  { minLength: 1, maxLength: 6 },
);
const counts = (candidates: readonly CandidateNode[] = []) => candidates.map(({ count }) => count);
const sum = (candidates: readonly CandidateNode[]) => counts(candidates).reduce((a, b) => a + b, 0);

test("the skew is the largest difference between eligible nodes, or between branches of a preference", () => {
  assert.equal(skewOf([]), 0);
  assert.equal(skewOf([candidate(7)]), 0);
  assert.equal(skewOf([candidate(4), candidate(1), candidate(0, { eligible: false })]), 3);
  const zones = [candidate(2, { branch: ["a"] }), candidate(2, { branch: ["a"] }), candidate(1, { branch: ["b"] })];
  assert.equal(skewOf(zones), 3, "zone a has 4, zone b has 1");
  assert.equal(skewOf([...zones, candidate(3, { branch: ["b"] })]), 2, "zones are even, the nodes of b are not");
});

test("one more task goes to one node with capacity, and to none if none has", () => {
  fc.assert(
    fc.property(anyCandidates, (before) => {
      const after = withOneMore(before);
      assert.equal(
        after === undefined,
        before.every(({ room }) => room === 0),
      );
      if (!after) return;
      const changed = after.filter((one, i) => one !== before[i]);
      assert.equal(changed.length, 1);
      assert.equal(sum(after), sum(before) + 1);
      assert.ok(after.every(({ room }) => room >= 0));
    }),
  );
});

test("one more task never goes to the fuller of two nodes in the same branch", () => {
  fc.assert(
    fc.property(anyCandidates, (before) => {
      const after = withOneMore(before);
      const at = after?.findIndex((one, i) => one !== before[i]) ?? -1;
      const chosen = before[at];
      if (!chosen) return;
      for (const { branch, count, room } of before) {
        if (room > 0 && branch.join() === chosen.branch.join()) assert.ok(chosen.count <= count);
      }
    }),
  );
});

test("preferences count before nodes: the emptiest zone gets the task, even on its fullest node", () => {
  const before = [
    candidate(0, { branch: ["a"] }),
    candidate(5, { branch: ["a"], room: 0 }),
    candidate(2, { branch: ["b"] }),
    candidate(1, { branch: ["b"], room: 0 }),
  ];
  assert.deepEqual(counts(withOneMore(before)), [0, 5, 3, 1]);
  assert.deepEqual(counts(withOneMore([candidate(1, { total: 9 }), candidate(1, { total: 3 })])), [1, 2]);
});

test("scaling down removes tasks of the fullest nodes, and never leaves a node below its even share", () => {
  fc.assert(
    fc.property(anyCandidates, fc.nat(8), (before, many) => {
      const by = Math.min(many, sum(before));
      const after = withFewer(before, by);
      assert.equal(sum(after), sum(before) - by);
      const top = Math.max(...counts(after));
      after.forEach(({ count }, i) => {
        if (count !== before[i]?.count) assert.ok(count >= top - 1, "it was one of the fullest when it lost its last");
      });
    }),
  );
});

test("of equal nodes, the one that does not count loses its task first: that is the worst case", () => {
  assert.deepEqual(counts(withFewer([candidate(2), candidate(2, { eligible: false })], 1)), [2, 1]);
  const branches = [candidate(2, { branch: ["a"] }), candidate(2, { branch: ["b"] }), candidate(1, { branch: ["a"] })];
  assert.deepEqual(counts(withFewer(branches, 1)), [2, 1, 1]);
});

const rooms = (...args: Parameters<typeof snapshot>) => {
  const [nodes, tasks, services = [aService()]] = args;
  const [service] = services;
  assert.ok(service);
  return candidatesOf(service, snapshot(nodes, tasks, services)).map(({ room, eligible }) => [room, eligible]);
};

test("capacity follows from reservations, the limit per node and host ports", () => {
  const half = { nanoCpus: 2e9, memoryBytes: 1e9 };
  const nodes = [aNode("a"), aNode("b", { nanoCpus: 1e9 })];
  assert.deepEqual(rooms(nodes, [aTask("a", { reservation: half })], [aService({ reservation: half })]), [
    [1, true],
    [0, false],
  ]);
  assert.deepEqual(rooms(nodes, [aTask("a"), aTask("a")], [aService({ maxPerNode: 2 })]), [
    [0, true],
    [2, true],
  ]);
  const services = [aService({ hostPorts: ["80/tcp"] }), aService({ id: "o", hostPorts: ["80/tcp", "81/tcp"] })];
  assert.deepEqual(rooms(nodes, [aTask("b", { serviceId: "o" })], services), [
    [1, true],
    [0, false],
  ]);
  assert.deepEqual(rooms(nodes, [aTask("b", { serviceId: "o", state: "failed" })], services)[1], [1, true]);
});

test("a task that is to stop holds its resources until it has stopped, but is no task of the service", () => {
  const whole = { nanoCpus: 4e9, memoryBytes: 0 };
  const stopping = aTask("a", { desired: "shutdown", reservation: whole });
  const [node] = candidatesOf(aService({ reservation: whole }), snapshot([aNode("a")], [stopping]));
  assert.deepEqual([node?.count, node?.room], [0, 0]);
});

test("nodes that take no tasks are not balanced over, and tasks of a node that left count nowhere", () => {
  const nodes = [aNode("a"), aNode("b", { availability: "drain" }), aNode("c", { state: "down" })];
  const candidates = candidatesOf(aService(), snapshot(nodes, [aTask("a"), aTask("gone"), aTask("c"), aTask("")]));
  assert.deepEqual(counts(candidates), [1, 0, 1]);
  assert.deepEqual(
    candidates.map(({ eligible }) => eligible),
    [true, false, false],
  );
  assert.equal(describe(candidates), "a 1, c 1");
  assert.equal(describe([]), "no node");
});
