import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { emptyMemory, type Move } from "../../src/lease/memory.ts";
import { afterMove, begin, lostBy, type MoveSettings, nextStep, type Step } from "../../src/rebalance/move.ts";
import { aNode, aService, aTask, snapshot } from "../samples.ts";

const settings: MoveSettings = {
  deadlineMs: 180_000,
  graceMs: 600_000,
  steadyMs: 5_000,
  restMs: 300_000,
  restMaxMs: 3_600_000,
};
const begun: Move = { serviceId: "s", service: "web", from: 4, to: 6, skew: 4, phase: "up", until: 180_000 };
const nodes = [aNode("a"), aNode("b")];
const tasksOn = (counts: Readonly<Record<string, number>>) =>
  Object.entries(counts).flatMap(([node, count]) => Array.from({ length: count }, () => aTask(node)));

interface Sight {
  readonly move?: Partial<Move>;
  readonly service?: Parameters<typeof aService>[0];
  readonly tasks?: ReturnType<typeof tasksOn>;
  readonly steadyMs?: number;
  readonly now?: number;
}

/** The next step of a move from 4 to 6 tasks that all run, 60 s after it began, unless the sight differs. */
function step({ move, service, tasks = tasksOn({ a: 4, b: 2 }), steadyMs = 60_000, now = 60_000 }: Sight): Step {
  const running = tasks.filter(({ state }) => state === "running").length;
  const services = service?.id === "" ? [] : [aService({ replicas: 6, running, ...service })];
  return nextStep({ ...begun, ...move }, snapshot(nodes, tasks, services), steadyMs, now, settings);
}
const inShort = (next: Step): string =>
  next.kind === "scale" ? `${next.move.phase} ${next.replicas}` : next.kind === "end" ? next.outcome : "wait";

test("each state of a move has its next step", () => {
  const sick = [...tasksOn({ a: 4 }), aTask("b", { state: "starting" }), aTask("b", { state: "starting" })];
  const pending = [...tasksOn({ a: 4 }), aTask("", { error: "no suitable node" }), aTask("")];
  const late = 180_000;
  const back: Partial<Move> = { phase: "back" };
  const cases: readonly (readonly [string, Sight, string])[] = [
    ["all tasks run, and have run for a while", {}, "back 4"],
    ["all tasks run, but only just", { steadyMs: 4_999 }, "wait"],
    ["Docker's own count is behind", { service: { running: 5 } }, "wait"],
    ["an old task has not stopped yet", { tasks: tasksOn({ a: 5, b: 2 }), service: { running: 6 } }, "wait"],
    ["the new tasks start", { tasks: sick }, "wait"],
    ["the new tasks are sick, and giving up would cost running ones", { tasks: sick, now: late }, "wait"],
    ["the same, for longer than the grace", { tasks: sick, now: late + 600_000 }, "back 4"],
    ["the new tasks found no node: giving up costs nothing", { tasks: pending, now: late }, "back 4"],
    ["a steward ended after it wrote the phase down", { service: { replicas: 5 } }, "up 6"],
    ["it was not scaled yet, and a request may be on its way", { service: { replicas: 4 }, now: 14_999 }, "wait"],
    ["it was not scaled, and no request can be on its way", { service: { replicas: 4 }, now: 15_000 }, "dropped"],
    ["a person scaled the service", { service: { replicas: 9 } }, "dropped"],
    ["the service was removed", { service: { id: "" } }, "dropped"],
    ["the service is of another mode", { service: { mode: "global", replicas: 0 } }, "dropped"],
    ["an update runs", { service: { update: "updating" } }, "wait"],
    ["an update is rolled back", { service: { update: "rollback_started" } }, "wait"],
    ["an update stopped", { service: { update: "paused" } }, "wait"],
    ["an update was rolled back", { service: { update: "rollback_completed" } }, "back 4"],
    [
      "the first new task runs",
      { move: { phase: "probe" }, service: { replicas: 5 }, tasks: tasksOn({ a: 4, b: 1 }) },
      "up 6",
    ],
    ["going back, it was not scaled yet", { move: back }, "back 4"],
    ["back, and even", { move: back, service: { replicas: 4 }, tasks: tasksOn({ a: 2, b: 2 }) }, "moved"],
    ["back, as uneven as before", { move: back, service: { replicas: 4 }, tasks: tasksOn({ a: 4 }) }, "useless"],
    [
      "back, but a task has not stopped",
      { move: back, service: { replicas: 4 }, tasks: tasksOn({ a: 3, b: 2 }) },
      "wait",
    ],
    [
      "back, after a failure",
      { move: { ...back, failure: "4 of 6" }, service: { replicas: 4 }, tasks: tasksOn({ a: 4 }) },
      "undone",
    ],
    [
      "back, and one of its nodes was lost: it is not waited for any more",
      { move: back, service: { replicas: 4 }, tasks: tasksOn({ a: 2, b: 1 }), now: late },
      "moved",
    ],
  ];
  for (const [what, sight, expected] of cases) assert.equal(inShort(step(sight)), expected, what);
});

test("why new tasks are given up names Swarm's errors, once each", () => {
  const error = "no suitable node (insufficient resources on 2 nodes)";
  const next = step({ tasks: [...tasksOn({ a: 4 }), aTask("", { error }), aTask("", { error })], now: 180_000 });
  assert.equal(next.why, `service 'web' goes back to 4 tasks, because only 4 of 6 tasks ran in time: ${error}`);
  assert.equal(next.kind === "scale" && next.move.failure, `4 of 6 tasks ran in time: ${error}`);
});

test("whatever the state of a service, a move sets no replicas but its own, and always continues or ends", () => {
  const anyTask = fc.record({
    node: fc.constantFrom("a", "b", "gone", ""),
    state: fc.constantFrom("running", "starting", "pending", "failed", "shutdown"),
    desired: fc.constantFrom("running", "shutdown"),
  });
  fc.assert(
    fc.property(
      fc.array(anyTask, { maxLength: 8 }),
      fc.constantFrom<Move["phase"]>("probe", "up", "back"),
      fc.nat(8),
      fc.constantFrom("", "updating", "completed"),
      fc.integer({ min: -1e6, max: 1e7 }),
      (found, phase, replicas, update, now) => {
        const tasks = found.map(({ node, state, desired }) => aTask(node, { state, desired }));
        const next = step({ move: { phase }, service: { replicas, update }, tasks, now });
        if (next.kind === "scale") assert.ok([begun.from, begun.to].includes(next.replicas) && update !== "updating");
        // After its deadline and grace nothing but an update keeps a move waiting.
        if (now > begun.until + settings.graceMs && next.kind === "wait") {
          const complete = tasks.filter(({ state, desired }) => state === "running" && desired === "running").length;
          assert.ok(update === "updating" || complete === replicas, next.why);
        }
      },
    ),
    { numRuns: 500 },
  );
});

test("one task is moved at once, several after a first one that shows whether they can run", () => {
  const planned = { serviceId: "s", service: "web", from: 4, skew: 4, skewAfter: 0, reason: "" };
  assert.deepEqual(begin({ ...planned, to: 5 }, 1_000, 180_000), { ...begun, to: 5, until: 181_000 });
  assert.equal(begin({ ...planned, to: 6 }, 0, 1).phase, "probe");
});

test("each further failure doubles the backoff up to its bound, a success resets it, an overtaken move keeps it", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), fc.constantFrom("undone", "useless"), (failures, outcome) => {
      let memory = { ...emptyMemory, move: begun };
      for (let i = 0; i < failures; i++) memory = { ...afterMove(memory, begun, outcome, 0, settings), move: begun };
      const rest = memory.resting.s;
      assert.deepEqual(rest, { failures, until: Math.min(3_600_000, 300_000 * 2 ** (failures - 1)) });
      const others = { ...memory, resting: { ...memory.resting, o: { until: 5, failures: 1 } } };
      assert.deepEqual(Object.keys(afterMove(others, begun, "moved", 0, settings).resting), ["o"]);
      assert.deepEqual(afterMove(others, begun, "dropped", 0, settings), { resting: others.resting, cooling: {} });
    }),
  );
});

test("scaling down costs at most as many running tasks as there are, and none while others can go", () => {
  fc.assert(
    fc.property(fc.nat(6), fc.nat(6), fc.nat(14), (running, unplaced, by) => {
      const tasks = [...tasksOn({ a: running }), ...Array.from({ length: unplaced }, () => aTask(""))];
      assert.equal(lostBy(tasks, by), Math.min(running, Math.max(0, by - unplaced)));
    }),
  );
});
