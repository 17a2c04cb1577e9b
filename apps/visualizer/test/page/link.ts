import { serveFetch } from "./stage.ts";
import assert from "node:assert/strict";
import { setImmediate as turn } from "node:timers/promises";
import { test, type TestContext } from "node:test";
import { begin } from "../../page/link.ts";
import { activity, alerts, clockAheadMs, clusterState, link, problems, swarm } from "../../page/store.ts";
import type { Snapshot, Update } from "../../shared/wire.ts";
import { aLine, anAlert, aNode, aTask } from "../samples.ts";

/** The page's end of a stream, on which a test plays the server. */
class FakeSource extends EventTarget {
  static all: FakeSource[] = [];
  closed = false;
  constructor(readonly url: string) {
    super();
    FakeSource.all.push(this);
  }
  close(): void {
    this.closed = true;
  }
  send(event: string, data: unknown = {}, lastEventId = ""): void {
    this.dispatchEvent(new MessageEvent(event, { data: JSON.stringify(data), lastEventId }));
  }
}
Object.assign(globalThis, { EventSource: FakeSource });

const snapshot: Snapshot = {
  logsPage: null,
  hasGraphs: false,
  mark: "epoch-7",
  now: 5_000_000,
  swarm: { manager: "manager1", docker: "28.0.0", api: "1.41" },
  problems: [],
  alerts: { firing: [anAlert()] },
  nodes: [aNode()],
  services: [],
  tasks: [aTask()],
  activity: [aLine()],
};

/** A page that has begun, whose time passes by `pass`; `answer` is what the server answers next. */
async function started(t: TestContext, first: unknown = snapshot) {
  const server = { answer: first };
  t.mock.timers.enable({ apis: ["setTimeout", "Date"], now: 5_000_000 });
  t.mock.method(Math, "random", () => 0.5);
  FakeSource.all = [];
  link.value = { kind: "loading" };
  const requested = serveFetch(t, () => server.answer);
  await begin();
  const pass = async (ms: number) => {
    // In steps, as a timer that another one starts counts from the end of a step.
    for (let left = ms; left > 0; left -= 500) t.mock.timers.tick(Math.min(left, 500));
    for (let i = 0; i < 20; i++) await turn();
  };
  const open = () => FakeSource.all.filter(({ closed }) => !closed);
  const stream = () => {
    const [one] = open();
    assert.ok(one, "no stream is open");
    return one;
  };
  // Shows that all is well, so that failures of an earlier test do not count.
  open()[0]?.send("heartbeat", { now: Date.now() + clockAheadMs.value });
  // So that the page waits for nothing of this test's time.
  t.after(() => {
    for (const one of open()) one.send("error");
  });
  return { server, requested, pass, open, stream };
}

test("the page reads everything once, and then follows the stream from there", async (t) => {
  const { requested, open } = await started(t, { ...snapshot, now: 5_060_000 });
  assert.deepEqual(requested, ["/state"]);
  assert.deepEqual([clusterState.value.nodes.size, clusterState.value.tasks.size, activity.value.length], [1, 1, 1]);
  assert.equal(alerts.value.firing[0]?.name, "NodeDown");
  assert.deepEqual([swarm.value?.manager, link.value.kind, clockAheadMs.value], ["manager1", "live", 60_000]);
  assert.deepEqual(
    open().map(({ url }) => url),
    ["http://swarm.test/stream?since=epoch-7"],
  );
});

test("changes that come between two frames are drawn at once, in their order", async (t) => {
  const { stream, pass } = await started(t);
  const before = clusterState.value;
  const change = (state: string): Update => ({ change: { tasks: { set: [aTask({ state })], gone: [] } } });
  stream().send("update", change("failed"), "epoch-8");
  stream().send(
    "update",
    { ...change("shutdown"), problems: [{ id: "x", text: "odd" }], alerts: { firing: [] } },
    "epoch-9",
  );
  assert.equal(clusterState.value, before);
  assert.equal(alerts.value.firing.length, 0);
  assert.equal(problems.value.length, 1, "what is not drawn by the thousands is shown at once");
  await pass(50);
  assert.equal(clusterState.value.tasks.get("t1")?.state, "shutdown");
});

test("a stream that breaks is opened again from the last message, later after each failure", async (t) => {
  const { stream, pass, open, requested } = await started(t);
  stream().send("update", {}, "epoch-8");
  const waits = [500, 1_000, 2_000, 4_000, 8_000, 8_000];
  for (const ms of waits) {
    stream().send("error");
    assert.deepEqual([link.value, open().length], [{ kind: "lost", why: "the server does not answer" }, 0]);
    await pass(ms - 1);
    assert.equal(open().length, 0);
    await pass(1);
    assert.equal(stream().url, "http://swarm.test/stream?since=epoch-8");
  }
  stream().send("heartbeat", { now: 5_100_000 });
  assert.equal(link.value.kind, "live");
  stream().send("error");
  await pass(500);
  assert.equal(open().length, 1, "after a heartbeat it is tried soon again");
  assert.deepEqual(requested, ["/state"], "and nothing is read that is known");
});

test("a stream that falls silent is given up, though the connection stands", async (t) => {
  const { stream, pass } = await started(t);
  for (let i = 0; i < 5; i++) {
    await pass(24_000);
    stream().send("heartbeat", { now: Date.now() });
  }
  assert.equal(link.value.kind, "live");
  const silent = stream();
  await pass(25_000);
  assert.deepEqual([link.value, silent.closed], [{ kind: "lost", why: "the server has fallen silent" }, true]);
});

test("a server that does not know where the page was makes it read everything again", async (t) => {
  const { stream, pass, open, server, requested } = await started(t);
  server.answer = { ...snapshot, mark: "other-1", nodes: [] };
  stream().send("reset");
  await pass(0);
  assert.deepEqual([requested, clusterState.value.nodes.size], [["/state", "/state"], 0]);
  assert.deepEqual(
    open().map(({ url }) => url),
    ["http://swarm.test/stream?since=other-1"],
  );
});

test("while everything is read again, no second stream is opened, however long that takes", async (t) => {
  const { stream, pass, open, server } = await started(t);
  let answered: (value: unknown) => void = () => undefined;
  server.answer = new Promise((resolve) => (answered = resolve));
  stream().send("reset");
  await pass(60_000);
  answered({ ...snapshot, mark: "other-1" });
  await pass(0);
  assert.deepEqual(
    open().map(({ url }) => url),
    ["http://swarm.test/stream?since=other-1"],
  );
});

for (const [answer, why] of [
  [502, "Error: the server answers 502"],
  [new TypeError("fetch failed"), "the server does not answer"],
] as const) {
  test(`a server that cannot give the state is asked again until it can: ${why}`, async (t) => {
    const { server, pass, open } = await started(t, answer);
    assert.deepEqual([link.value, open().length], [{ kind: "lost", why }, 0]);
    server.answer = snapshot;
    await pass(8_000);
    assert.deepEqual([link.value.kind, open().length], ["live", 1]);
  });
}
