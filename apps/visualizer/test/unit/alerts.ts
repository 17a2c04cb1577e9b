import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test, type TestContext } from "node:test";
import { alertLines, firingIn } from "../../server/alerts.ts";
import { Hub } from "../../server/hub.ts";
import { readSettings } from "../../server/settings.ts";
import { readAlerts } from "../../server/watch-alerts.ts";
import { readState, smallSwarm, stage, until } from "../helpers.ts";
import { anAlert } from "../samples.ts";

const nodeDown = {
  state: "firing",
  activeAt: "2026-01-01T10:00:00.5Z",
  labels: { alertname: "NodeDown", severity: "critical", node: "worker1" },
  annotations: { summary: "node worker1 is down", action: "./farm doctor", page: "docs/x.md" },
  value: "0e+00",
};
const disk = { ...nodeDown, labels: { alertname: "DiskNearlyFull", severity: "warning" }, annotations: {} };
const answerOf = (...alerts: readonly object[]) => ({ status: "success", data: { alerts } });

/** A Prometheus whose answer can be changed: an object, or a status. */
async function prometheus(t: Pick<TestContext, "after">, first: object | number) {
  const state = { answer: first };
  const server = createServer(({ url }, response) => {
    assert.equal(url, "/api/v1/alerts");
    const { answer } = state;
    response.statusCode = typeof answer === "number" ? answer : 200;
    response.end(typeof answer === "number" ? "" : JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const stop = () => {
    server.closeAllConnections();
    server.close();
  };
  t.after(stop);
  return { state, stop, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

test("alerts that fire have level, text and the time of their begin, critical ones first; pending ones are left out", () => {
  const earlier = { ...disk, activeAt: "2026-01-01T09:00:00Z" };
  const pending = { ...nodeDown, state: "pending" };
  const [{ labels }, later] = [nodeDown, "2026-01-01T11:00:00Z"];
  const firing = firingIn(
    answerOf({ ...nodeDown, activeAt: later, labels: { ...labels, node: "b" } }, earlier, pending, nodeDown),
  );
  assert.deepEqual(
    firing.map(({ name, level, since, summary }) => [name, level, since, summary]),
    [
      ["NodeDown", "bad", Date.parse("2026-01-01T10:00:00.5Z"), "node worker1 is down"],
      ["NodeDown", "bad", Date.parse(later), "node worker1 is down"],
      ["DiskNearlyFull", "warn", Date.parse("2026-01-01T09:00:00Z"), ""],
    ],
  );
  assert.equal(new Set(firing.map(({ id }) => id)).size, 3);
  assert.throws(() => firingIn({ data: {} }));
});

test("an explosion of alerts, and of letters in one, is bounded", () => {
  const many = Array.from({ length: 5000 }, (_, i) => ({
    ...nodeDown,
    labels: { alertname: "NodeDown", node: String(i), junk: "x".repeat(9000) },
    annotations: { summary: "y".repeat(9000) },
  }));
  const firing = firingIn(answerOf(...many));
  assert.equal(firing.length, 50);
  assert.equal(new Set(firing.map(({ id }) => id)).size, 50);
  assert.ok(JSON.stringify(firing).length < 100_000);
});

test("the time line says once that an alert fires, and once that it is over", () => {
  const [a, b] = [anAlert(), anAlert({ id: "b", name: "DiskNearlyFull", level: "warn", summary: "" })];
  assert.deepEqual(
    alertLines([a], [b], 7).map(({ at, level, subject, verb, detail }) => [at, level, subject.name, verb, detail]),
    [
      [7, "good", "NodeDown", "is over", "node worker1 is down"],
      [7, "warn", "DiskNearlyFull", "fires", undefined],
    ],
  );
  assert.deepEqual(alertLines([a, b], [a, { ...b, since: 9 }], 7), []);
});

test("what fired before the first answer is no event, and later alerts are", async (t) => {
  const hub = new Hub(100);
  const { signal } = new AbortController();
  const there = await prometheus(t, answerOf(nodeDown));
  await readAlerts(there.url, hub, signal);
  assert.deepEqual([hub.alerts.firing.length, hub.historyBefore(99).length], [1, 0]);
  there.state.answer = answerOf(disk);
  await readAlerts(there.url, hub, signal);
  assert.deepEqual(
    hub.historyBefore(99).map(({ subject, verb }) => `${subject.kind} ${subject.name} ${verb}`),
    ["alert NodeDown is over", "alert DiskNearlyFull fires"],
  );
});

test("alerts of a Prometheus that fails stay, with the reason, until it answers again", async (t) => {
  const hub = new Hub(100);
  const { signal } = new AbortController();
  const there = await prometheus(t, answerOf(nodeDown));
  await readAlerts(there.url, hub, signal);
  for (const [answer, problem] of [
    [503, "Prometheus answers 503"],
    [{ status: "error" }, "Prometheus answers something else than alerts"],
  ] as const) {
    there.state.answer = answer;
    await readAlerts(there.url, hub, signal);
    assert.deepEqual([hub.alerts.firing.length, hub.alerts.problem], [1, problem]);
  }
  there.state.answer = answerOf();
  await readAlerts(there.url, hub, signal);
  assert.deepEqual([hub.alerts.firing, hub.alerts.problem], [[], undefined]);
  there.stop();
  await readAlerts(there.url, hub, signal);
  assert.match(hub.alerts.problem ?? "", /^Prometheus does not answer: /);
});

test("a viewer is sent the alerts of the Prometheus in the settings", async (t) => {
  const there = await prometheus(t, answerOf(nodeDown));
  const on = await stage(t, smallSwarm(), { PROMETHEUS: there.url });
  await until("the alert is in the state", async () => (await readState(on.url)).alerts.firing.length === 1);
  assert.equal((await readState(on.url)).alerts.firing[0]?.name, "NodeDown");
});

test("a setting that is no URL of a Prometheus is refused", () => {
  for (const wrong of ["monitoring:9090", "http://monitoring:9090/", "http://monitoring:9090/?a"])
    assert.throws(() => readSettings({ PROMETHEUS: wrong }), /PROMETHEUS: is the URL of a Prometheus/);
  for (const right of ["http://monitoring:9090", "https://example.org/prometheus"])
    assert.equal(readSettings({ PROMETHEUS: right }).PROMETHEUS, right);
});
