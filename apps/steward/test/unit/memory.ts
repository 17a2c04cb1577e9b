import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { judge, type LeaseView } from "../../src/lease/judge.ts";
import { decode, emptyMemory, encode, type Memory } from "../../src/lease/memory.ts";

const now = fc.integer({ min: 0, max: 1e9 });
const wait = fc.integer({ min: 1, max: 3_600_000 });

test("a successor has the same memory, whatever its clock shows", () => {
  fc.assert(
    fc.property(now, now, wait, fc.integer({ min: 1, max: 9 }), (mine, theirs, ms, failures) => {
      const memory = (at: number): Memory => ({
        move: { serviceId: "s", service: "web", from: 2, to: 3, skew: 2, phase: "up", until: at + ms },
        resting: { s: { until: at + ms, failures } },
        cooling: { s: { up: at + ms, down: at - ms } },
      });
      assert.deepEqual(decode(encode(memory(mine), mine), theirs), memory(theirs));
    }),
  );
});

test("expired entries are dropped, and an unreadable label gives an empty memory", () => {
  const old: Memory = { resting: { s: { until: 0, failures: 1 } }, cooling: { s: { up: 1, down: 2 } } };
  assert.deepEqual(decode(encode(old, 4_000_000), 0), emptyMemory);
  assert.equal(decode("{}", 0), undefined);
  assert.equal(decode("not JSON", 0), undefined);
});

const sight: LeaseView = { id: "me", labels: {}, unchangedMs: 0, leaseMs: 20_000, idle: true };

test("the lease is renewed, taken, left, or handed over", () => {
  const verdict = (labels: Record<string, string>, more: Partial<LeaseView> = {}): string =>
    judge({ ...sight, labels, ...more });
  assert.equal(verdict({}), "take");
  assert.equal(verdict({ holder: "me" }), "renew");
  assert.equal(verdict({ holder: "you" }), "wait");
  assert.equal(verdict({ holder: "you" }, { unchangedMs: 19_999 }), "wait");
  assert.equal(verdict({ holder: "you" }, { unchangedMs: 20_000 }), "take");
  assert.equal(verdict({ holder: "me", wanted: "you" }), "hand over");
  assert.equal(verdict({ holder: "me", wanted: "you" }, { idle: false }), "renew");
  assert.equal(verdict({ holder: "", wanted: "you" }), "wait");
  assert.equal(verdict({ holder: "", wanted: "you" }, { unchangedMs: 20_000 }), "take");
  assert.equal(verdict({ holder: "", wanted: "me" }), "take");
});
