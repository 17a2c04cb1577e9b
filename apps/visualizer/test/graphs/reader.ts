import assert from "node:assert/strict";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { test, type TestContext } from "node:test";
import { queryRange } from "../../server/graphs/prometheus.ts";
import { GraphReader } from "../../server/graphs/reader.ts";
import type { GraphRequest } from "../../server/graphs/request.ts";
import { limited } from "../../server/limit.ts";

type Reply = string | number | ((response: ServerResponse) => void);

/** A Prometheus that gives one answer: a text, a status, or what a function makes of the response. */
async function prometheus(t: Pick<TestContext, "after">, first: Reply) {
  const state = { reply: first };
  const requests: URL[] = [];
  const server = createServer(({ url = "" }, response) => {
    requests.push(new URL(url, "http://prometheus"));
    const { reply } = state;
    if (typeof reply === "function") reply(response);
    else if (typeof reply === "number") response.writeHead(reply).end("{}");
    else response.end(reply);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const stop = () => {
    server.closeAllConnections();
    server.close();
  };
  t.after(stop);
  return { state, requests, stop, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const readerOf = (url: string): GraphReader =>
  new GraphReader({
    prometheus: url,
    nodeNames: () => new Map([["id1", "worker1"]]),
    inTurn: limited(2),
    signal: new AbortController().signal,
  });
const matrix = (result: unknown) => JSON.stringify({ status: "success", data: { resultType: "matrix", result } });
const request: GraphRequest = { panel: "farm-requests", view: "farm", subject: "", range: "1h" };
const now = Date.parse("2026-11-29T20:00:07Z");

test("a graph has its values on its steps, and what is no number or lies beside them is none", async (t) => {
  const { url, requests } = await prometheus(
    t,
    matrix([
      {
        metric: { route: "shop" },
        values: [
          [0, "1"],
          [15, "NaN"],
          [30, "+Inf"],
          [45, "2.3456789"],
          [60, "4"],
          [-15, "9"],
          [1e9, "9"],
          "no pair",
          [],
        ],
      },
    ]),
  );
  const steps = { from: 0, to: 60_000, stepMs: 15_000 };
  assert.deepEqual(await queryRange(url, "up", steps, new AbortController().signal), [
    { labels: { route: "shop" }, values: [1, null, null, 2.3457, 4] },
  ]);
  assert.deepEqual(Object.fromEntries(requests[0]?.searchParams ?? []), {
    query: "up",
    start: "0",
    end: "60",
    step: "15",
    timeout: "10s",
  });
});

test("a range ends now or at its end, never later", async (t) => {
  const { url, requests } = await prometheus(t, matrix([]));
  const reader = readerOf(url);
  const until = async (change: Partial<GraphRequest>) => {
    const graph = await reader.graph({ ...request, ...change }, now);
    const sent = requests.at(-1)?.searchParams;
    return ["problem" in graph ? graph.problem : graph.from, sent?.get("end"), sent?.get("step")];
  };
  const end = Date.parse("2026-11-29T20:00:00Z");
  const hour = 3_600_000;
  assert.deepEqual(await until({}), [end - hour, String(end / 1000), "15"]);
  assert.deepEqual(await until({ range: "15d", end: end + hour }), [end - 360 * hour, String(end / 1000), "5400"]);
  assert.deepEqual(await until({ end: end - hour }), [end - 2 * hour, String((end - hour) / 1000), "15"]);
});

test("one answer serves all viewers of a moment, and none that failed is kept", async (t) => {
  const { url, requests, state } = await prometheus(t, 500);
  const reader = readerOf(url);
  assert.deepEqual(await reader.graph(request, now), { problem: "Prometheus answers 500" });
  state.reply = matrix([{ metric: { route: "shop" }, values: [[now / 1000, "1"]] }]);
  const graphs = await Promise.all([1, 2, 3].map((ms) => reader.graph(request, now + ms)));
  assert.ok(graphs.every((graph) => "series" in graph && graph.series[0]?.name === "shop"));
  assert.equal(requests.length, 2);
  await reader.graph(request, now + 15_000);
  await reader.graph({ ...request, range: "6h" }, now);
  assert.equal(requests.length, 4);
});

test("a Prometheus that is away, refuses or lies is named", async (t) => {
  const there = await prometheus(t, "");
  const huge = (response: ServerResponse) => {
    response.write("[");
    const more = () => {
      if (!response.destroyed) response.write("1,".repeat(500_000), more);
    };
    more();
  };
  const cases: readonly (readonly [Reply, RegExp])[] = [
    [502, /^Prometheus answers 502$/],
    [503, /^Prometheus needs more than 10 s or too much memory for it: choose a shorter range$/],
    [422, /choose a shorter range/],
    ["<html>", /^Prometheus answers something else than JSON$/],
    [
      '{"status":"success","data":{"resultType":"vector","result":[]}}',
      /^Prometheus answers something else than a graph$/,
    ],
    [(response) => response.destroy(), /^Prometheus does not answer: /],
    [huge, /^there are too many series for a graph$/],
  ];
  for (const [reply, problem] of cases) {
    there.state.reply = reply;
    const graph = await readerOf(there.url).graph(request, now);
    assert.match("problem" in graph ? graph.problem : "a graph", problem);
  }
  there.state.reply = '{"data":[1]}';
  assert.match((await readerOf(there.url).routes(now)).problem ?? "", /something else than names/);
  there.stop();
  assert.match((await readerOf(there.url).routes(now)).problem ?? "", /^Prometheus does not answer: /);
});

test("routes are those of the longest range, and no more than a list may have", async (t) => {
  const names = Array.from({ length: 500 }, (_, i) => `r${i}`);
  const { url, requests } = await prometheus(t, JSON.stringify({ data: names }));
  assert.equal((await readerOf(url).routes(now)).routes.length, 200);
  assert.equal(requests[0]?.pathname, "/api/v1/label/route/values");
  assert.deepEqual(requests[0].searchParams.getAll("match[]"), ["probe_success", "swarm_farm_requests_total"]);
});

test("two queries run at a time, and who comes after a hundred that wait is sent away", async (t) => {
  const open: ServerResponse[] = [];
  const { url } = await prometheus(t, (response) => void open.push(response));
  const reader = readerOf(url);
  const answers = Array.from({ length: 101 }, (_, i) =>
    reader.graph({ panel: "route-requests", view: "route", subject: `r${i}`, range: "1h" }, now),
  );
  assert.deepEqual(await answers.at(-1), { problem: "too many graphs are asked for; try again" });
  while (open.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal(open.length, 2);
});
