import assert from "node:assert/strict";
import { test } from "node:test";
import { counterOf, dueOf, lastRun, type Service, stoppedCounter } from "../../src/run.ts";
import { minutes, noon, running, serviceOf, taskOf } from "../samples.ts";

const runOf = (more: Partial<Service>) => {
  const { state, due, began, ended, why, exitCode } = lastRun(serviceOf(more));
  return [state, due, began, ended, why, exitCode];
};

test("the counter of forced updates has the due time, also once it was stopped or a person counted it up", () => {
  const forceUpdate = counterOf(noon);
  assert.deepEqual([dueOf({ forceUpdate }), dueOf({ forceUpdate: forceUpdate + 1 })], [noon, noon]);
  assert.equal(dueOf({ forceUpdate: 3 }), undefined);
  assert.deepEqual(
    [3, 4, forceUpdate].map((count) => stoppedCounter({ forceUpdate: count })),
    [3, 5, forceUpdate + 1],
  );
});

test("a run that a person forced has no due time", () => {
  const forceUpdate = counterOf(noon) + 1;
  assert.equal(lastRun(serviceOf({ forceUpdate, tasks: [running({ forceUpdate })] })).due, undefined);
});

test("a job that was deployed has no run, and runs that were due before are over", () => {
  const expected = ["none", undefined, undefined, noon, undefined, undefined];
  assert.deepEqual(runOf({ forceUpdate: 0, replicas: 0, tasks: [] }), expected);
});

test("a run is under way until its last task has ended", () => {
  const none = [undefined, undefined, undefined];
  assert.deepEqual(runOf({ tasks: [] }), ["running", noon, noon, ...none]);
  assert.deepEqual(runOf({ tasks: [taskOf(), running({ slot: 2 })] }), ["running", noon, noon, ...none]);
  // Swarm starts a failed task again: its restart policy is `on-failure`.
  const failed = taskOf({ state: "failed", exitCode: 1 });
  const next = taskOf({ state: "ready", desired: "ready", createdAt: minutes(1) });
  assert.equal(lastRun(serviceOf({ tasks: [next, failed] })).state, "running");
  assert.equal(lastRun(serviceOf({ tasks: [taskOf({ state: "failed", desired: "running" })] })).state, "running");
});

test("a run succeeds when the newest task of each slot ended with 0", () => {
  const failed = taskOf({ state: "failed", exitCode: 1, error: "task: non-zero exit (1)" });
  const again = taskOf({ createdAt: minutes(1), stateAt: minutes(2) });
  const expected = ["succeeded", noon, noon, minutes(2), undefined, undefined];
  assert.deepEqual(runOf({ tasks: [again, failed, taskOf({ slot: 2 })] }), expected);
});

test("a failed run has the reason and the exit code, and tasks of earlier runs do not count", () => {
  const error = "task: non-zero exit (3)";
  const failed = taskOf({ state: "failed", exitCode: 3, error });
  const earlier = taskOf({ forceUpdate: counterOf(minutes(-1)), createdAt: minutes(-1), stateAt: minutes(9) });
  const expected = ["failed", noon, noon, noon + 30_000, error, 3];
  assert.deepEqual(runOf({ tasks: [failed, earlier] }), expected);
  assert.equal(lastRun(serviceOf({ tasks: [taskOf({ state: "rejected" })] })).why, "its task is 'rejected'");
});

test("a task on a lost node has failed, at a time that nobody knows", () => {
  const lost = running({ desired: "shutdown" });
  assert.deepEqual(runOf({ tasks: [lost] }).slice(3), [undefined, "its node is lost or drained", undefined]);
});

test("a run without replicas was stopped by its limit, or by a change of its service", () => {
  const stopped = { replicas: 0, tasks: [], updatedAt: minutes(4) };
  const why = "it took longer than its time limit";
  assert.deepEqual(runOf({ ...stopped, forceUpdate: counterOf(noon) + 1 }), [
    "stopped",
    noon,
    undefined,
    minutes(4),
    why,
    undefined,
  ]);
  assert.deepEqual(runOf(stopped), ["none", noon, undefined, minutes(4), undefined, undefined]);
});
