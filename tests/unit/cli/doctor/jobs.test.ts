import { jobFindings } from "../../../../cli/doctor/jobs";
import { FakeFarm, printing } from "../../../support/fake-farm";

let farm: FakeFarm;

beforeEach(() => {
  farm = new FakeFarm().built(["manager1"], ["worker1"]);
});

afterEach(() => {
  farm.remove();
});

/** Findings where the node with the program's task prints an answer, and the other one nothing. */
function findings(answer: string) {
  farm.ssh(`case $node in manager1) ${printing(answer)}
;; esac`);
  return jobFindings(farm.context(), ["manager1", "worker1"]);
}

const job = (more: object) => ({
  service: "shop_report",
  state: "succeeded",
  due: "2026-03-10T02:00:00.000Z",
  began: "2026-03-10T02:00:01.000Z",
  ended: null,
  exitCode: null,
  why: null,
  next: "2026-03-11T02:00:00.000Z",
  leftOut: null,
  problem: null,
  ...more,
});
const log = "./farm docker service logs --tail 50 shop_report";
const again = "./farm docker service update --detach --force --replicas 1 shop_report runs it now";

test("jobs that succeeded, run or are not due yet are no finding", async () => {
  const jobs = ["succeeded", "running", "none"].map((state) => job({ state, due: null }));
  expect(await findings(JSON.stringify(jobs))).toEqual([]);
  expect(await findings("[]")).toEqual([]);
});

test.each([
  [
    { state: "failed", exitCode: 3, why: "task: non-zero exit (3)" },
    ["its run of 2026-03-10T02:00:00Z failed with exit code 3: task: non-zero exit (3)", log],
  ],
  [{ state: "failed", due: null }, ["the run that a person started failed: failed", log]],
  [
    { state: "stopped", why: "it took longer than its time limit" },
    ["its run of 2026-03-10T02:00:00Z failed: it took longer than its time limit", log],
  ],
  [
    { leftOut: { due: "2026-03-11T02:00:00.000Z", why: "missed" } },
    ["its run of 2026-03-11T02:00:00Z was missed", again],
  ],
  [
    { state: "running", leftOut: { due: "2026-03-11T02:00:00.000Z", why: "overlap" } },
    ["its run of 2026-03-10T02:00:00Z is still under way, and its run of 2026-03-11T02:00:00Z was left out", log],
  ],
  [
    { problem: "'soon' is no cron expression" },
    ["is never started: 'soon' is no cron expression", "correct its labels"],
  ],
])("%j is a finding with what to do", async (more, [what, byHand]) => {
  expect(await findings(JSON.stringify([job(more)]))).toEqual([{ what: `job shop_report: ${what ?? ""}`, byHand }]);
});

test("a job that failed and then was missed has both", async () => {
  const leftOut = { due: "2026-03-11T02:00:00.000Z", why: "missed" };
  expect(await findings(JSON.stringify([job({ state: "failed", leftOut })]))).toHaveLength(2);
});

test.each([
  ["has no task on any node", ""],
  ["answers with something else", "<html>"],
  ["answers with another shape", '[{"service":1}]'],
])("a program that %s is a finding itself", async (_, answer) => {
  expect(await findings(answer)).toEqual([
    { what: "jobs answers on no node: no job is started", byHand: "./farm docker service ps --no-trunc jobs says why" },
  ]);
});
