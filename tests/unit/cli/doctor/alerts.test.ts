import { alertFindings } from "../../../../cli/doctor/alerts";
import { FakeFarm, printing } from "../../../support/fake-farm";

let farm: FakeFarm;

beforeEach(() => {
  farm = new FakeFarm().built(["manager1"], ["worker1"]);
});

afterEach(() => {
  farm.remove();
});

const findings = () => alertFindings(farm.context(), ["manager1", "worker1"]);

/** The node with Prometheus's task prints its answer, and the other one nothing. */
function answers(answer: string): void {
  farm.ssh(`case $node in worker1) ${printing(answer)}
;; esac`);
}

/** An alert as Prometheus 2 answers it. */
const alert = (state: string, more: Readonly<Record<string, string>> = {}) => ({
  labels: { alertname: "NodeDown", node: "worker2", severity: "critical" },
  annotations: { page: "docs/how-to/repair.md", ...more },
  state,
  activeAt: "2026-11-29T08:30:55.1Z",
  value: "0e+00",
});
const answerOf = (...alerts: readonly object[]) => JSON.stringify({ status: "success", data: { alerts } });

test("an alert that fires is a finding with what to do; one that waits is none", async () => {
  answers(answerOf(alert("firing", { summary: "node worker2 is down", action: "./farm doctor" }), alert("pending")));
  expect(await findings()).toEqual([{ what: "alert NodeDown: node worker2 is down", byHand: "./farm doctor" }]);
});

test("a rule of one's own without texts is named", async () => {
  answers(answerOf(alert("firing")));
  expect(await findings()).toEqual([{ what: "alert NodeDown", byHand: "its rule says nothing about it" }]);
});

test("without alerts there is no finding", async () => {
  answers(answerOf());
  expect(await findings()).toEqual([]);
});

test.each([
  ["has no task on any node", ""],
  ["answers with something else", "<html>"],
  ["answers with another shape", '{"data":{}}'],
])("Prometheus that %s is a finding itself", async (_, answer) => {
  answers(answer);
  expect(await findings()).toEqual([
    {
      what: "monitoring-prometheus answers on no node: no alert can fire",
      byHand: "./farm docker service ps --no-trunc monitoring-prometheus says why",
    },
  ]);
});
