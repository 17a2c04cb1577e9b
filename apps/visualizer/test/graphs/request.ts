import assert from "node:assert/strict";
import { test } from "node:test";
import { readRequest } from "../../server/graphs/request.ts";
import { panels, ranges, steps } from "../../shared/graphs.ts";
import { smallSwarm, stage } from "../helpers.ts";

test("a panel of the catalog, a name and a range are a request", () => {
  assert.deepEqual(readRequest({ panel: "farm-cpu", range: "1h" }), {
    panel: "farm-cpu",
    view: "farm",
    subject: "",
    range: "1h",
  });
  assert.deepEqual(readRequest({ panel: "service-cpu", subject: 'a"b', range: "15d", end: "1700000000000" }), {
    panel: "service-cpu",
    view: "service",
    subject: 'a"b',
    range: "15d",
    end: 1_700_000_000_000,
  });
});

test("everything else is refused, with what is allowed", () => {
  const good = { panel: "node-cpu", subject: "worker1", range: "1h" };
  const cases: readonly (readonly [Readonly<Record<string, string | undefined>>, RegExp])[] = [
    [{ panel: "up" }, /^panel: is one of farm-cpu, .*route-probe$/],
    [{ panel: "__proto__" }, /^panel: /],
    [{ range: "2h" }, /^range: is one of 1h, 6h, 24h, 7d, 15d$/],
    [{ range: undefined }, /^range: /],
    [{ range: "constructor" }, /^range: /],
    [{ subject: "a\nb" }, /^subject: has no control characters$/],
    [{ subject: "x".repeat(256) }, /^subject: has at most 255 characters$/],
    [{ subject: undefined }, /^subject: is the name of a node$/],
    [{ panel: "farm-cpu" }, /^subject: is empty for the farm$/],
    [{ end: "now" }, /^end: is a time in milliseconds since 1970$/],
    [{ end: "-1" }, /^end: /],
    [{ end: "9".repeat(15) }, /^end: /],
  ];
  for (const [change, message] of cases) {
    const read = readRequest({ ...good, ...change });
    assert.ok(typeof read === "string", JSON.stringify(change));
    assert.match(read, message);
  }
});

test("no range has more than 300 points, and its steps are whole seconds", () => {
  assert.ok(steps + 1 <= 300);
  for (const ms of Object.values(ranges)) assert.equal((ms / steps) % 1000, 0);
  assert.equal(new Set(panels.map(({ id }) => id)).size, panels.length);
});

test("a server without Prometheus says so, and refuses what it would refuse with one", async (t) => {
  const on = await stage(t, smallSwarm());
  const get = async (path: string) => {
    const answer = await fetch(on.url + path);
    return [answer.status, await answer.text()];
  };
  const problem = "this farm has no monitoring, from which graphs are made";
  assert.deepEqual(await get("graph/farm-cpu?range=1h"), [200, JSON.stringify({ problem })]);
  assert.deepEqual(await get("routes"), [200, JSON.stringify({ routes: [], problem })]);
  assert.deepEqual(await get("graph/farm-cpu?range=1h&subject=x"), [400, "subject: is empty for the farm\n"]);
  assert.equal((await get("graph/up?range=1h"))[0], 400);
});
