import { change, click, enter, press, serveFetch, show } from "./stage.ts";
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { signal } from "@preact/signals";
import { Filters } from "../../page/filters.tsx";
import { marksOf } from "../../page/graph-marks.ts";
import { GraphPlot, stepByKey } from "../../page/graph-plot.tsx";
import { graphsAround, graphsBeside, graphViewOf, hasGraphs, toGraphs } from "../../page/graph-route.ts";
import { Graphs } from "../../page/graphs.tsx";
import { NodeHead } from "../../page/node.tsx";
import { formatRoute, go, parseRoute, route } from "../../page/route.ts";
import { Services } from "../../page/services.tsx";
import { clusterState, setLines } from "../../page/store.ts";
import { Timeline } from "../../page/timeline.tsx";
import type { Graph } from "../../shared/graphs.ts";
import { aLine, aNode, aService, stateOf } from "../samples.ts";

const answers = () => change(() => new Promise((resolve) => setTimeout(resolve, 20)));
const at = Date.parse("2026-11-29T20:00:00Z");
const graph = (change: Partial<Graph> = {}): Graph => ({
  from: at,
  stepMs: 60_000,
  series: [
    { name: "web.1", values: [0.5, 1, null] },
    { name: "web.2", values: [2, 4, 3] },
    { name: "limit of each", values: [8, 8, 8], isBound: true },
  ],
  cut: 0,
  ...change,
});

/** Graphs of a farm with a node, a service and a route; `answer` is what the server says of each graph. */
async function graphs(t: TestContext, hash: string, answer: unknown = graph()) {
  const state = { answer };
  const requested = serveFetch(t, (path) => (path === "/routes" ? { routes: ["shop"] } : state.answer));
  const page = await show(t, <Graphs />);
  t.after(() => (hasGraphs.value = undefined));
  await change(() => {
    hasGraphs.value = true;
    clusterState.value = stateOf([aNode()], [aService()]);
    go(parseRoute(hash));
  });
  await answers();
  return { page, requested, state };
}

test("an address leads to the graphs of the farm, a node, a service or a route", () => {
  const view = (hash: string) => graphViewOf(parseRoute(hash));
  const hour = { range: "1h" } as const;
  assert.equal(view(""), undefined);
  assert.deepEqual(view("#graphs=farm"), { view: "farm", subject: "", ...hour });
  assert.deepEqual(view("#graphs=node&node=worker1&range=7d"), { view: "node", subject: "worker1", range: "7d" });
  assert.deepEqual(view("#graphs=route&route=shop&at=5"), { view: "route", subject: "shop", ...hour, at: 5 });
  for (const odd of ["#graphs=service", "#graphs=__proto__", "#graphs=farm&range=constructor&at=-1&service=web"])
    assert.deepEqual(view(odd), { view: "farm", subject: "", ...hour }, odd);
  for (const shown of [view("#graphs=service&service=a%26b&range=15d&at=77"), view("#graphs=farm")])
    assert.deepEqual(shown && graphViewOf(toGraphs(shown)), shown);
  assert.equal(formatRoute(graphsBeside(parseRoute("#service=web&node=n&q=x"))), "#service=web&graphs=service");
  assert.equal(formatRoute(graphsBeside(parseRoute("#node=n"))), "#node=n&graphs=node");
  assert.equal(formatRoute(graphsBeside(parseRoute(""))), "#graphs=farm");
});

test("each graph has its values in a table, at the latest or at a moment", async (t) => {
  const { page, requested } = await graphs(t, "#graphs=service&service=web");
  assert.deepEqual(page.texts("h2"), ["Graphs of service web"]);
  assert.deepEqual(requested.filter((path) => path !== "/routes").sort(), [
    "/graph/service-cpu?range=1h&subject=web",
    "/graph/service-failed?range=1h&subject=web",
    "/graph/service-memory?range=1h&subject=web",
    "/graph/service-tasks?range=1h&subject=web",
  ]);
  const first = ".graph:first-child";
  assert.deepEqual(page.texts(`${first} thead th`).slice(1), ["latest", "lowest", "highest"]);
  assert.deepEqual(page.texts(`${first} tbody tr`), ["web.1–0.51", "web.2324", "limit of each888"]);
  const slider = page.one(`${first} [role=slider]`);
  assert.equal(slider.getAttribute("aria-valuetext"), "Nov 29, 20:02: web.1 no value, web.2 3, limit of each 8");
  await press(slider, "ArrowLeft");
  assert.equal(slider.getAttribute("aria-valuenow"), "1");
  assert.deepEqual(
    page.texts("thead th:nth-child(2)"),
    Array.from({ length: 4 }, () => "Nov 29, 20:01"),
  );
  assert.deepEqual(page.texts(`${first} tbody tr`)[0], "web.110.51");
  await press(slider, "Escape");
  assert.deepEqual(page.texts(`${first} thead th`)[1], "latest");
});

test("range and subject are chosen, and an address stands for each", async (t) => {
  const { page, requested } = await graphs(t, "#graphs=farm");
  assert.deepEqual(page.texts("optgroup option"), ["worker1", "web", "shop"]);
  await click(page.one(".graph-bar .states button:nth-child(4)"));
  assert.equal(location.hash, "#graphs=farm&range=7d");
  await enter(page.one("select"), "route/shop");
  assert.equal(location.hash, "#graphs=route&route=shop&range=7d");
  assert.deepEqual(page.texts("h3"), [
    "Requests by class",
    "Share of requests that failed (5xx)",
    "Answer time of the probe",
    "Probes that succeeded",
  ]);
  assert.ok(requested.includes("/graph/route-errors?range=7d&subject=shop"));
  await change(() => {
    go({ route: "gone" });
  });
  assert.ok(page.texts("option").includes("gone"));
  await click(page.one(".graph-bar > button"));
  assert.equal(route.value.graphs, "");
});

test("a moment is in the middle of its graphs, until one goes on to now", async (t) => {
  const { page, requested } = await graphs(t, `#graphs=node&node=worker1&at=${at}`);
  assert.ok(requested.includes(`/graph/node-cpu?range=1h&subject=worker1&end=${at + 1_800_000}`));
  assert.deepEqual(page.texts(".around"), ["around Nov 29, 20:00"]);
  assert.deepEqual(page.texts(".graph:first-child thead th")[1], "Nov 29, 20:00");
  await click(page.one(".graph-bar > button:last-child"));
  assert.equal(route.value.at, "");
  assert.ok(requested.includes("/graph/node-cpu?range=1h&subject=worker1"));
});

test("a farm without monitoring is told so, and nothing is asked", async (t) => {
  const { page, requested } = await graphs(t, "");
  requested.length = 0;
  await change(() => {
    hasGraphs.value = false;
    go({ graphs: "farm" });
  });
  assert.match(page.texts(".note").join(), /^This farm has no monitoring/);
  assert.deepEqual([requested.filter((path) => path !== "/routes"), page.has(".graph")], [[], false]);
});

test("why there is no graph is in its place, and it comes back", async (t) => {
  const { page, state } = await graphs(t, "#graphs=farm", { problem: "Prometheus does not answer: fetch failed" });
  const notes = () => page.texts(".graph:nth-child(4) .note").join();
  assert.equal(notes(), "No graph: Prometheus does not answer: fetch failed.");
  const cases: readonly (readonly [unknown, string])[] = [
    [502, "No graph: the server answers 502."],
    [new TypeError("fetch failed"), "No graph: the server does not answer."],
    [graph({ series: [] }), "There are no data for this time."],
    [graph({ series: [{ name: "all", values: [0, 0, null] }] }), "No task was missing."],
    [graph({ cut: 30 }), "2 of 32 lines: the highest."],
    [graph(), ""],
  ];
  for (const [i, [answer, note]] of cases.entries()) {
    state.answer = answer;
    await change(() => {
      go({ at: String(i + 1) });
    });
    await answers();
    assert.equal(notes(), note);
  }
});

test("a service chosen beside graphs leads to its graphs, and back to the farm's", async (t) => {
  const page = await show(t, <Services />);
  await change(() => {
    clusterState.value = stateOf([], [aService()]);
    go(toGraphs({ view: "node", subject: "worker1", range: "6h" }));
  });
  await click(page.one("li button"));
  assert.equal(location.hash, "#service=web&graphs=service&range=6h");
  await click(page.one("li button"));
  assert.equal(location.hash, "#graphs=farm&range=6h");
});

test("where there are graphs, filters, nodes and the time line lead to them", async (t) => {
  const node = aNode();
  const column = { id: "n1", node, rows: [], total: 0, reservedCpus: 0, reservedBytes: 0 };
  const parts = (
    <>
      <Filters />
      <NodeHead column={column} />
      <Timeline />
    </>
  );
  const page = await show(t, parts);
  t.after(() => (hasGraphs.value = undefined));
  const links = () =>
    [...page.root.querySelectorAll('a[href*="graphs="]')].map((link) => [
      link.getAttribute("aria-label") ?? link.textContent,
      link.getAttribute("href"),
    ]);
  await change(() => {
    setLines([aLine({ at })]);
    go({ service: "web" });
  });
  assert.deepEqual(links(), []);
  await change(() => {
    hasGraphs.value = true;
    clusterState.value = stateOf([node], [aService()]);
  });
  assert.deepEqual(links(), [
    ["Graphs", "#service=web&graphs=service"],
    ["Graphs of worker1", "#node=worker1&graphs=node"],
    ["20:00:00: graphs of that time", `#service=web&graphs=service&at=${at}`],
  ]);
});

test("a line leads to the graphs of what it is about", () => {
  const address = (kind: "node" | "service" | "task" | "alert", name: string) =>
    graphsAround({ at: 7, subject: { kind, id: "x", name } });
  assert.equal(address("node", "worker1"), "#node=worker1&graphs=node&at=7");
  assert.equal(address("service", "shop_web"), "#service=shop_web&graphs=service&at=7");
  assert.equal(address("task", "shop_web.12"), "#service=shop_web&graphs=service&at=7");
  assert.equal(address("task", "agent@worker1"), "#service=agent&graphs=service&at=7");
  assert.equal(address("alert", "NodeDown"), "#graphs=farm&at=7");
});

test("a graph marks alerts, nodes and updates that belong to it, and its moment", () => {
  const services = new Map([["s1", aService()]]);
  const subject = (kind: "node" | "service" | "alert", name: string) => ({ kind, id: name, name });
  const lines = [
    aLine({ at: 1 }),
    aLine({ at: 2, level: "plain", verb: "is being updated", subject: subject("service", "web") }),
    { ...aLine({ at: 3, level: "bad", subject: subject("alert", "NodeDown") }), service: "" },
    { ...aLine({ at: 4, level: "bad", subject: subject("node", "worker1") }), service: "" },
  ];
  const marks = (hash: string, at?: number) =>
    marksOf(lines, parseRoute(hash), services, at).map((mark) => [mark.at, mark.colour]);
  assert.deepEqual(marks("#graphs=farm", 9), [
    [2, "soft"],
    [3, "bad"],
    [4, "bad"],
    [9, "link"],
  ]);
  assert.deepEqual(marks("#graphs=service&service=web"), [[2, "soft"]]);
  assert.deepEqual(marks("#graphs=node&node=worker1"), [[4, "bad"]]);
  assert.deepEqual(marks("#graphs=route&route=shop"), [[3, "bad"]]);
  const many = Array.from({ length: 99 }, (_, i) => aLine({ at: i, subject: subject("alert", "A") }));
  assert.equal(marksOf(many, parseRoute("#graphs=farm"), services, undefined).length, 40);
});

test("keys move by a step, ten, or to an end, and others are the browser's", async (t) => {
  assert.deepEqual(
    ["ArrowLeft", "ArrowRight", "PageDown", "PageUp", "Home", "End", "Tab"].map((key) => stepByKey(key, 5, 9)),
    [4, 6, 0, 9, 0, 9, undefined],
  );
  const point = signal<number | undefined>(undefined);
  const content = { graph: graph(), unit: "number", marks: [] } as const;
  const page = await show(t, <GraphPlot title="Tasks" content={content} point={point} at={at} />);
  const slider = page.one("[role=slider]");
  assert.equal(slider.getAttribute("aria-valuenow"), "0", "the moment that is looked at");
  assert.equal(await press(slider, "ArrowRight"), false);
  assert.equal(point.value, at + 60_000);
  assert.equal(await press(slider, "a"), true);
});
