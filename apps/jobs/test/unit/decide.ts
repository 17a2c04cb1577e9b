import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { decide, lateMs } from "../../src/decide.ts";
import type { Job } from "../../src/job.ts";
import { counterOf, lastRun, type Service } from "../../src/run.ts";
import { jobOf, minutes, noon, running, serviceOf, taskOf } from "../samples.ts";

const step = (more: Partial<Service>, now: number, job: Partial<Job> = {}, schedule?: string) => {
  const service = serviceOf(more);
  return decide(jobOf(job, schedule), service, lastRun(service), now);
};
const one = minutes(60);
const deployed = { forceUpdate: 0, replicas: 0, tasks: [] } as const;

test("a run is started when it is due, and not twice", () => {
  assert.deepEqual(step({}, one - 1), { kind: "wait" });
  assert.deepEqual(step({}, one), { kind: "start", due: one });
  assert.deepEqual(step({ forceUpdate: counterOf(one), tasks: [] }, one + 1), { kind: "wait" });
});

test("a job that is deployed or changed is not started by that: its next due time counts", () => {
  const changed = { ...deployed, updatedAt: minutes(10) };
  assert.deepEqual(step(changed, minutes(11)), { kind: "wait" });
  assert.deepEqual(step(changed, one), { kind: "start", due: one });
  assert.deepEqual(step({ ...deployed, updatedAt: one }, one), { kind: "wait" });
});

test("a run that is a little late is started, an older one was missed", () => {
  assert.deepEqual(step({}, one + lateMs), { kind: "start", due: one });
  assert.deepEqual(step({}, one + lateMs + 1), { kind: "wait", leftOut: { due: one, why: "missed" } });
});

test("with `missed: run` the last of all missed runs is started, once", () => {
  const day = noon + 24.5 * 3_600_000;
  const due = noon + 24 * 3_600_000;
  assert.deepEqual(step({}, day, { missed: "run" }), { kind: "start", due });
  assert.deepEqual(step({ forceUpdate: counterOf(due) }, day, { missed: "run" }), { kind: "wait" });
});

test("a run that is under way is left alone, or replaced", () => {
  const underWay = { tasks: [running()] };
  assert.deepEqual(step(underWay, one), { kind: "wait", leftOut: { due: one, why: "overlap" } });
  assert.deepEqual(step(underWay, one, { overlap: "replace" }), { kind: "start", due: one });
});

test("runs that were due while one was under way are not made up for", () => {
  const ended = { tasks: [taskOf({ stateAt: minutes(62) })] };
  assert.deepEqual(step(ended, minutes(63), { missed: "run" }), { kind: "wait" });
  assert.deepEqual(step(ended, minutes(120)), { kind: "start", due: minutes(120) });
});

test("a run that takes too long is stopped, and its service stays so until the next due time", () => {
  const limited = { limitMs: 20 * 60_000 };
  assert.deepEqual(step({ tasks: [running()] }, minutes(20) - 1, limited), { kind: "wait" });
  assert.deepEqual(step({ tasks: [running()] }, minutes(20), limited), { kind: "stop" });
  const stopped = { replicas: 0, tasks: [], updatedAt: minutes(20) };
  assert.deepEqual(step(stopped, minutes(21), limited), { kind: "wait" });
  assert.deepEqual(step(stopped, one, limited), { kind: "start", due: one });
  // Of every ten minutes: those that were due before the stop are over.
  assert.deepEqual(step({ ...stopped, updatedAt: minutes(25) }, minutes(26), limited, "*/10 * * * *").kind, "wait");
});

test("a run that a person starts is one that is under way", () => {
  const byHand = { forceUpdate: 1, tasks: [running({ forceUpdate: 1 })] };
  assert.deepEqual(step(byHand, one), { kind: "wait", leftOut: { due: one, why: "overlap" } });
});

test("a clock that was ahead does not keep a job from running", () => {
  const year = 365 * 24 * 3_600_000;
  const ahead = { forceUpdate: counterOf(noon + year), tasks: [], replicas: 0, updatedAt: noon + year };
  assert.deepEqual(step(ahead, minutes(1)), { kind: "start", due: noon });
  // Set back by less than a minute, it repeats nothing.
  assert.deepEqual(step({}, noon - 30_000), { kind: "wait" });
});

test("whatever happened before, a run that was started is not started again", () => {
  const anyRun = fc.record({
    now: fc.integer({ min: noon, max: noon + 7 * 24 * 3_600_000 }),
    missed: fc.constantFrom("skip" as const, "run" as const),
    overlap: fc.constantFrom("skip" as const, "replace" as const),
    state: fc.constantFrom("running", "complete", "failed"),
    schedule: fc.constantFrom("* * * * *", "*/7 * * * *", "0 3 * * *", "@hourly"),
  });
  fc.assert(
    fc.property(anyRun, ({ now, missed, overlap, state, schedule }) => {
      const tasks = [taskOf({ state, desired: state === "running" ? "running" : "shutdown" })];
      const first = step({ tasks }, now, { missed, overlap }, schedule);
      if (first.kind !== "start") return;
      assert.ok(first.due > noon && first.due <= now);
      const after = { forceUpdate: counterOf(first.due), tasks: [], updatedAt: now };
      assert.equal(step(after, now, { missed, overlap }, schedule).kind, "wait");
    }),
    { numRuns: 200 },
  );
});
