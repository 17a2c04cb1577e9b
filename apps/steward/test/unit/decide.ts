import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { cooled, decide, type Situation, type Verdict, type Recommendation } from "../../src/autoscale/decide.ts";
import type { Policy } from "../../src/autoscale/policy.ts";
import { randomFrom } from "../world.ts";

const policy: Policy = {
  min: 1,
  max: 6,
  metric: "requests",
  target: 10,
  upCooldownSeconds: 30,
  downCooldownSeconds: 180,
};
const stepMs = 5_000;

interface Run {
  readonly counts: readonly number[];
  readonly verdicts: readonly Verdict[];
  /** How often the count changed. */
  readonly changes: number;
}

/** Follows a load, one value every 5 s; Swarm is instantaneous. */
function follow(loads: readonly (number | undefined)[], its: Policy = policy, start = its.min): Run {
  let replicas = start;
  let recommendations: readonly Recommendation[] = [];
  let cooling: Situation["cooling"] = { up: 0, down: 0 };
  let changes = 0;
  const counts: number[] = [];
  const verdicts: Verdict[] = [];
  loads.forEach((value, i) => {
    const now = i * stepMs;
    const load = value ?? { missing: "no data" };
    const verdict = decide(
      { service: "web", replicas, load, pending: [], busy: undefined, cooling },
      its,
      recommendations,
      now,
    );
    if (verdict.replicas !== replicas) {
      cooling = cooled(verdict.replicas > replicas, its, cooling, now);
      changes++;
    }
    replicas = verdict.replicas;
    recommendations = verdict.recommendations;
    counts.push(replicas);
    verdicts.push(verdict);
  });
  return { counts, verdicts, changes };
}

const series = (minutes: number, load: (minute: number) => number): number[] =>
  Array.from({ length: minutes * 12 }, (_, i) => Math.max(0, load(i / 12)));

test("a step up is answered at once, a step down after the window", () => {
  const { counts, changes } = follow(series(20, (m) => (m >= 2 && m < 10 ? 38 : 5)));
  assert.equal(counts[2 * 12 - 1], 1);
  assert.equal(counts[2 * 12], 4);
  assert.equal(counts[13 * 12 - 1], 4);
  assert.equal(counts[13 * 12], 1);
  assert.equal(changes, 2);
});

test("a ramp is followed step by step, never beyond max", () => {
  const { counts, changes } = follow(series(20, (m) => 5 * m));
  assert.deepEqual(
    counts,
    [...counts].sort((a, b) => a - b),
  );
  assert.equal(counts.at(-1), policy.max);
  assert.equal(changes, policy.max - policy.min);
});

test("a spike costs one growth and one shrinking", () => {
  const { changes, counts } = follow(series(10, (m) => (m > 3 && m < 3.2 ? 55 : 8)));
  assert.equal(changes, 2);
  assert.equal(Math.max(...counts), 6);
});

test("a load that flaps faster than the window gets the replicas of its peak, and they do not flap", () => {
  for (const minutes of [0.2, 0.5, 1, 2]) {
    const { changes, counts } = follow(series(60, (m) => (Math.floor(m / minutes) % 2 === 0 ? 9 : 48)));
    assert.equal(counts.at(-1), 5);
    assert.ok(changes <= 1, `${changes} changes at ${minutes} minutes`);
  }
});

test("noise of a tenth changes nothing", () => {
  const random = randomFrom(7);
  for (const base of [10, 20, 30, 50]) {
    const { changes } = follow(
      series(60, () => base * (0.9 + 0.2 * random())),
      policy,
      base / 10,
    );
    assert.equal(changes, 0, `load around ${base}`);
  }
});

test("a slow wave is followed with at most two changes per replica and period", () => {
  const { changes, counts } = follow(series(60, (m) => 30 + 25 * Math.sin((2 * Math.PI * m) / 20)));
  assert.ok(changes <= 3 * 2 * 5, `${changes} changes`);
  assert.ok(new Set(counts).size > 3);
});

test("a load around a boundary does not flap within the dead band", () => {
  const { changes } = follow(
    series(60, (m) => 20 + 0.8 * Math.sin(m * 20)),
    policy,
    2,
  );
  assert.equal(changes, 0);
});

const anyLoads = fc.array(fc.option(fc.double({ min: 0, max: 100, noNaN: true }), { nil: undefined }), {
  maxLength: 120,
});

test("never below min, never above max, never two changes within the cooldown", () => {
  fc.assert(
    fc.property(anyLoads, fc.integer({ min: 0, max: 12 }), (loads, start) => {
      const { counts } = follow(loads, policy, start);
      assert.ok(counts.every((count) => count >= policy.min && count <= policy.max));
      const changed = counts.flatMap((count, i) =>
        i > 0 && count !== counts[i - 1] ? [{ i, up: count > (counts[i - 1] ?? 0) }] : [],
      );
      changed.slice(1).forEach(({ i, up }, j) => {
        const past = (i - (changed[j]?.i ?? 0)) * stepMs;
        if (!up) assert.ok(past >= policy.downCooldownSeconds * 1000);
        else if (changed[j]?.up) assert.ok(past >= policy.upCooldownSeconds * 1000);
      });
    }),
  );
});

test("scales down only to the maximum of the whole window, and not before the window is known", () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 60, noNaN: true }), { minLength: 40, maxLength: 90 }), (loads) => {
      const { counts } = follow(loads, policy, 6);
      assert.ok(
        counts.slice(0, 36).every((count) => count === 6),
        "three minutes are not known yet",
      );
      counts.forEach((count, i) => {
        const before = counts[i - 1];
        if (before === undefined || count >= before) return;
        const window = loads.slice(i - 36, i + 1);
        assert.ok(count >= Math.min(6, Math.ceil(Math.max(...window) / 11)));
      });
    }),
  );
});

test("without data it stays, but bounds hold", () => {
  const { counts, verdicts } = follow(
    series(5, () => 0).map(() => undefined),
    policy,
    4,
  );
  assert.ok(counts.every((count) => count === 4));
  assert.equal(verdicts[0]?.held, "no-data");
  assert.equal(follow([undefined], policy, 9).counts[0], 6);
  assert.equal(follow([undefined], policy, 0).counts[0], 1);
  const nan = decide(
    { service: "web", replicas: 3, load: NaN, pending: [], busy: undefined, cooling: { up: 0, down: 0 } },
    policy,
    [],
    0,
  );
  assert.equal(nan.replicas, 3);
});

test("a gap in the data starts the window again", () => {
  const loads = [...series(2, () => 5), ...series(1, () => 0).map(() => undefined), ...series(4, () => 5)];
  const { counts } = follow(loads, policy, 4);
  assert.equal(counts[6 * 12 - 1], 4);
  assert.equal(counts[6 * 12], 1);
});

test("growth stops while tasks wait for a node, and everything while the service is busy", () => {
  const situation: Situation = {
    service: "web",
    replicas: 2,
    load: 55,
    pending: ["no suitable node (insufficient resources on 3 nodes)"],
    busy: undefined,
    cooling: { up: 0, down: 0 },
  };
  const pending = decide(situation, policy, [], 0);
  assert.deepEqual([pending.replicas, pending.held], [2, "pending"]);
  assert.match(pending.reason, /insufficient resources on 3 nodes/);
  const busy = decide({ ...situation, pending: [], replicas: 9, busy: "it is being moved" }, policy, [], 0);
  assert.deepEqual([busy.replicas, busy.held], [9, "busy"]);
});
