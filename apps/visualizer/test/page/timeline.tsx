import { change, click, serveFetch, show } from "./stage.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import { go, route } from "../../page/route.ts";
import { addLines, clusterState, setLines } from "../../page/store.ts";
import { Timeline } from "../../page/timeline.tsx";
import type { ActivityLine } from "../../shared/model.ts";
import { aLine, aService, stateOf } from "../samples.ts";

const worker1 = { kind: "node", id: "n1", name: "worker1" } as const;
const runs = (id: number, change: Partial<ActivityLine> = {}): ActivityLine =>
  aLine({ id, subject: { kind: "task", id: `t${id}`, name: `web.${id}` }, on: worker1, ...change });

/** Until answers that are there are read and shown. */
const answers = () => change(() => new Promise((resolve) => setTimeout(resolve, 5)));

test("the newest line is the first, with its time, its level and its subject", async (t) => {
  const page = await show(t, <Timeline />);
  assert.deepEqual(page.texts(".empty"), ["No activity since the server started."]);
  await change(() => {
    setLines([
      aLine({ id: 1, at: Date.UTC(2026, 0, 2, 3, 4, 5), subject: worker1, verb: "is down", level: "bad" }),
      runs(2, { verb: "failed", level: "bad", detail: "exit 137", at: 2 }),
    ]);
  });
  assert.deepEqual(page.texts(".what"), ["web.2 failed on worker1: exit 137", "node worker1 is down"]);
  assert.deepEqual(page.texts("li time")[1], "03:04:05");
  assert.equal(page.one("li:last-child time").getAttribute("datetime"), "2026-01-02T03:04:05.000Z");
  assert.equal(page.root.querySelectorAll("li.bad .mark.bad").length, 2);
  assert.deepEqual(page.texts(".empty"), []);
});

test("tasks that do the same at one time are one line, with the first names of many", async (t) => {
  const page = await show(t, <Timeline />);
  await change(() => {
    setLines([1, 2].map((id) => runs(id)));
  });
  assert.deepEqual(page.texts(".what"), ["2 tasks run on worker1: web.1, web.2"]);
  await change(() => {
    addLines(Array.from({ length: 8 }, (_, i) => runs(i + 3, { at: 2, verb: "was shut down", level: "plain" })));
  });
  assert.deepEqual(page.texts(".what"), [
    "8 tasks were shut down on worker1: web.3, web.4, web.5, web.6, web.7, web.8, …",
    "2 tasks run on worker1: web.1, web.2",
  ]);
});

test("a task's name leads to the task, and only the filtered tasks are shown", async (t) => {
  const page = await show(t, <Timeline />);
  await change(() => {
    clusterState.value = stateOf([], [aService(), aService({ id: "s2", name: "api" })]);
    setLines([runs(1), aLine({ id: 2, at: 2, service: "s2", subject: { kind: "task", id: "t9", name: "api.1" } })]);
    go({ service: "api" });
  });
  assert.deepEqual(page.texts(".what"), ["api.1 runs"]);
  await click(page.one("button.link"));
  assert.equal(route.value.task, "t9");
  await change(() => {
    go({ service: "", node: "worker1" });
  });
  assert.deepEqual(page.texts(".what"), ["web.1 runs on worker1"]);
});

test("older lines are read at the press of a button, until there are none", async (t) => {
  const page = await show(t, <Timeline />);
  let answer: unknown = new TypeError("fetch failed");
  const requested = serveFetch(t, () => answer);
  await change(() => {
    setLines([runs(7, { at: 7 })]);
  });
  const more = async () => {
    await click(page.one(".more"));
    await answers();
    return page.texts(".what").length;
  };
  assert.equal(await more(), 1, "a server that is away takes nothing from the page");
  answer = 502;
  assert.equal(await more(), 1);
  answer = [5, 6].map((id) => runs(id, { at: id }));
  assert.equal(await more(), 3);
  answer = [];
  assert.equal(await more(), 3);
  assert.ok(!page.has(".more"), "the history has no older lines");
  assert.deepEqual(
    requested,
    [7, 7, 7, 5].map((id) => `/history?before=${id}`),
  );
});

test("after the page had to read everything again, older lines can be read again", async (t) => {
  const page = await show(t, <Timeline />);
  serveFetch(t, () => []);
  await change(() => {
    setLines([runs(7)]);
  });
  await click(page.one(".more"));
  await answers();
  assert.ok(!page.has(".more"));
  await change(() => {
    setLines([runs(900)]);
  });
  assert.ok(page.has(".more"));
});

test("scrolling near the end reads on, once at a time", async (t) => {
  const page = await show(t, <Timeline />);
  let answered: (value: unknown) => void = () => undefined;
  const requested = serveFetch(t, () => new Promise((resolve) => (answered = resolve)));
  await change(() => {
    setLines([runs(7)]);
  });
  const list = page.one(".timeline");
  const size = { scrollHeight: 2_000, clientHeight: 500, scrollTop: 0 };
  for (const key of ["scrollHeight", "clientHeight", "scrollTop"] as const) {
    Object.defineProperty(list, key, { get: () => size[key] });
  }
  const scrollTo = (top: number) => {
    size.scrollTop = top;
    return change(() => void list.dispatchEvent(new Event("scroll")));
  };
  await scrollTo(1_000);
  assert.deepEqual(requested, []);
  await scrollTo(1_300);
  await scrollTo(1_400);
  assert.deepEqual(requested, ["/history?before=7"]);
  await change(() => {
    answered([runs(6)]);
  });
  await answers();
  await scrollTo(1_500);
  assert.equal(requested.length, 2);
  answered([]);
});
