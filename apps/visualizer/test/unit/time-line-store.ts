import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test, type TestContext } from "node:test";
import { replicasOf } from "@swarm-farm/docker-api/fake";
import type { NewLine } from "../../server/activity.ts";
import { Hub } from "../../server/hub.ts";
import { readSettings } from "../../server/settings.ts";
import { lineIn, printedLine, recall } from "../../server/time-line-store.ts";
import { smallSwarm, stage, until, untilRead } from "../helpers.ts";

const aLine = (more: Partial<NewLine> = {}): NewLine => ({
  at: 1_000,
  level: "bad",
  subject: { kind: "task", id: "t", name: "web.3" },
  verb: "failed",
  on: { kind: "node", id: "n", name: "worker2" },
  service: "s",
  detail: "exit 137",
  ...more,
});
const entry = (line: NewLine) => JSON.stringify({ _msg: printedLine(line) });

/** A VictoriaLogs whose answer can be changed: entries, newest first, or a status. */
async function victoriaLogs(t: Pick<TestContext, "after">, first: readonly string[] | number) {
  const state = { answer: first, asked: new URLSearchParams() };
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (data: Buffer) => (body += data.toString()));
    request.on("end", () => {
      state.asked = new URLSearchParams(body);
      const { answer } = state;
      response.statusCode = typeof answer === "number" ? answer : 200;
      response.end(typeof answer === "number" ? "" : answer.join("\n"));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { state, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

test("a line is the same after it was printed and stored", () => {
  const plain: NewLine = { at: 5, level: "good", subject: { kind: "node", id: "n", name: "a" }, verb: "joined" };
  for (const line of [aLine(), plain]) assert.deepEqual(lineIn(entry(line)), line);
});

test("an entry of another form is left out", () => {
  for (const wrong of ["", "{", "{}", '{"_msg":"time-line nothing"}', entry({ ...aLine(), level: "loud" as "bad" })])
    assert.equal(lineIn(wrong), undefined);
});

test("lines of an earlier server come before all others, in their order, and no more than the history holds", async (t) => {
  const store = await victoriaLogs(
    t,
    [3, 2, 1].map((at) => entry(aLine({ at, detail: `exit ${at}` }))),
  );
  const hub = new Hub(100);
  hub.setAlerts({ firing: [] });
  hub.setAlerts({ firing: [{ id: "a", name: "NodeDown", level: "bad", since: 0, summary: "", action: "" }] });
  const { signal } = new AbortController();
  await recall(store.url, hub, { waitMs: 0, atMost: 3, log: console.error, signal });
  assert.deepEqual(
    hub.historyBefore(99).map(({ id, at }) => [id, id < 4 ? at : "now"]),
    [
      [1, 1],
      [2, 2],
      [3, 3],
      [4, "now"],
    ],
  );
  assert.deepEqual(
    hub.historyBefore(2).map(({ at }) => at),
    [1],
  );
  const { asked } = store.state;
  assert.equal(
    asked.get("query"),
    'attrs.tag:="visualizer."* _msg:="time-line "* | sort by (_time) desc limit 3 | fields _msg',
  );
  const [start, end] = ["start", "end"].map((name) => Date.parse(asked.get(name) ?? ""));
  assert.equal((end ?? 0) - (start ?? 0), 7 * 24 * 3600 * 1000);
});

test("a store that is away is reported once, and does not hold up the page", async (t) => {
  const store = await victoriaLogs(t, 503);
  const messages: string[] = [];
  const stop = new AbortController();
  const done = recall(store.url, new Hub(100), {
    waitMs: 0,
    atMost: 3,
    log: (message) => messages.push(message),
    signal: stop.signal,
  });
  await until("a message", () => messages.length > 0);
  stop.abort();
  await done;
  assert.deepEqual(messages, ["earlier lines of the time line cannot be read: the store answers 503"]);
});

test("an event that two servers saw is one line; the same event later is another one", async (t) => {
  const times = [1_000, 8_000, 60_000];
  const store = await victoriaLogs(
    t,
    times.map((at) => entry(aLine({ at }))),
  );
  const hub = new Hub(100);
  const { signal } = new AbortController();
  await recall(store.url, hub, { waitMs: 0, atMost: 9, log: console.error, signal });
  assert.deepEqual(
    hub.historyBefore(99).map(({ at }) => at),
    [1_000, 60_000],
  );
});

test("a server prints each line that it sees, and another one has read it back", async (t) => {
  const printed: string[] = [];
  const on = await stage(t, smallSwarm(), {}, (line) => printed.push(line));
  await untilRead(on);
  const service = [...on.swarm.services.values()].find(({ spec }) => spec.Name === "web");
  assert.ok(service);
  on.swarm.scale(service, replicasOf(service) + 1);
  await until("the line", () => printed.some((line) => line.includes("is scaled from")));
  const store = await victoriaLogs(t, printed.map((_msg) => JSON.stringify({ _msg })).reverse());
  const hub = new Hub(100);
  const { signal } = new AbortController();
  await recall(store.url, hub, { waitMs: 0, atMost: 99, log: console.error, signal });
  assert.ok(hub.historyBefore(99).some(({ verb }) => verb.startsWith("is scaled from")));
});

test("viewers read everything again once earlier lines are there", async (t) => {
  const hub = new Hub(100);
  const frames: string[] = [];
  hub.join("", (bytes) => frames.push(Buffer.from(bytes).toString()));
  const store = await victoriaLogs(t, [entry(aLine())]);
  const { signal } = new AbortController();
  await recall(store.url, hub, { waitMs: 0, atMost: 9, log: console.error, signal });
  assert.match(frames.at(-1) ?? "", /^event: reset\n/);
});

test("a setting that is no URL of a store is refused", () => {
  assert.throws(() => readSettings({ LOGS_PAGE: "https://other/" }), /LOGS_PAGE: is a path/);
  assert.throws(() => readSettings({ VICTORIALOGS: "logs-store:9428" }), /VICTORIALOGS: is the URL of a VictoriaLogs/);
});
