import { change, show } from "./stage.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import { logsAround, logsPage } from "../../page/logs-page.ts";
import { setLines } from "../../page/store.ts";
import { Timeline } from "../../page/timeline.tsx";
import { aLine } from "../samples.ts";

const at = Date.parse("2026-11-29T20:00:00Z");
const parametersOf = (address: string) => new URLSearchParams(address.split("#/?")[1]);

test("a link shows the logs of its subject, in the ten minutes until one after it", () => {
  const address = logsAround("/logs/select/vmui/", { at, subject: { kind: "service", id: "s", name: "web" } });
  assert.ok(address.startsWith("/logs/select/vmui/#/?"));
  assert.deepEqual(Object.fromEntries(parametersOf(address)), {
    query: 'attrs.tag:="web."*',
    "g0.range_input": "10m",
    "g0.end_input": "2026-11-29T20:01:00",
    "g0.relative_time": "none",
  });
});

test("each kind of subject has its own query", () => {
  const queryOf = (kind: "node" | "task" | "alert", name: string) =>
    parametersOf(logsAround("/", { at, subject: { kind, id: "x", name } })).get("query");
  assert.equal(queryOf("node", "worker1"), '(node:="worker1" or _HOSTNAME:="worker1")');
  assert.equal(queryOf("task", "web.3"), 'attrs.tag:="web.3."*');
  assert.equal(queryOf("task", "agent@worker1"), 'attrs.tag:="agent."* node:="worker1"');
  assert.equal(queryOf("alert", "NodeDown"), "*");
  assert.equal(queryOf("node", 'a" or *'), '(node:="a\\" or *" or _HOSTNAME:="a\\" or *")');
});

test("a time of the time line leads there where logs are stored, and nowhere else", async (t) => {
  const page = await show(t, <Timeline />);
  await change(() => {
    setLines([aLine({ id: 1, at, subject: { kind: "node", id: "n", name: "worker1" } })]);
  });
  assert.equal(page.root.querySelector("time a"), null);
  await change(() => {
    logsPage.value = "/logs/select/vmui/";
  });
  const link = page.one("time a");
  assert.match(link.getAttribute("href") ?? "", /^\/logs\/select\/vmui\/#\/\?query=.*worker1/);
  assert.match(link.getAttribute("aria-label") ?? "", /^20:00:00: logs of that time$/);
  await change(() => {
    logsPage.value = null;
  });
});
