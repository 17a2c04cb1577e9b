import { change, click, serveFetch, show, type Shown } from "./stage.ts";
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { Detail } from "../../page/detail.tsx";
import { go, route } from "../../page/route.ts";
import { clusterState, now } from "../../page/store.ts";
import type { Task } from "../../shared/model.ts";
import { aNode, aService, aTask, stateOf } from "../samples.ts";

const log = { lines: [{ at: "2026-01-02T03:04:05.123Z", stream: "out", text: "GET / 200" }] };

/** Opens a task's page. */
async function opened(t: TestContext, task: Partial<Task> = {}): Promise<Shown> {
  const page = await show(t, <Detail />);
  await change(() => {
    now.value = 61_000;
    clusterState.value = stateOf([aNode()], [aService()], [aTask(task)]);
    go({ task: "t1" });
  });
  return page;
}
const answers = () => change(() => new Promise((resolve) => setTimeout(resolve, 5)));
const facts = (page: Shown): Record<string, string | undefined> => {
  const values = page.texts("dd");
  return Object.fromEntries(page.texts("dt").map((name, i) => [name, values[i]]));
};

test("a task is shown with all that is known of it", async (t) => {
  const requested = serveFetch(t, () => log);
  const page = await opened(t, { state: "failed", exitCode: 137, reason: "task: non-zero exit (137)" });
  assert.ok(page.has("dialog[open]"));
  assert.deepEqual(page.texts("h2"), ["web.1"]);
  assert.deepEqual(facts(page), {
    State: "failed, exit 137 for 1 min, desired running",
    Why: "task: non-zero exit (137)",
    Service: "web, slot 1",
    Node: "worker1",
    Image: "nginx:1",
    Created: "1 min ago",
    Id: "t1",
  });
  await answers();
  assert.deepEqual(page.texts("pre"), ["03:04:05 GET / 200"]);
  assert.deepEqual(requested, ["/log/t1"]);
});

test("missing values of a task are shown in words", async (t) => {
  serveFetch(t, () => log);
  const page = await opened(t, { nodeId: "", slot: 0, state: "pending", serviceId: "removed-service-id" });
  assert.deepEqual(page.texts("h2"), ["removed-serv"]);
  assert.deepEqual([facts(page).Node, facts(page).Service, facts(page).Why], ["none yet", "removed", undefined]);
  await change(() => {
    clusterState.value = stateOf([aNode()], [aService()], [aTask({ nodeId: "a-node-that-left" })]);
  });
  assert.equal(facts(page).Node, "a-node-that-");
});

test("a task that goes away while it is looked at stays readable, and another one is not taken for it", async (t) => {
  serveFetch(t, () => log);
  const page = await opened(t);
  await change(() => {
    clusterState.value = stateOf([aNode()]);
  });
  assert.equal(facts(page).State, "gone: it was removed from the swarm");
  await change(() => {
    go({ task: "t2" });
  });
  assert.deepEqual(page.texts(".note"), ["There is no task 't2', or it is gone."]);
  assert.ok(!page.has("dl, .log"));
});

test("a log's lines have their time and stream, and a missing log is explained in words", async (t) => {
  const cases: readonly (readonly [unknown, string, string])[] = [
    [{ lines: [] }, "", "It has written nothing."],
    [{ lines: [], note: "this task is gone" }, "this task is gone", ""],
    [503, "the server answers 503", ""],
    [new TypeError("fetch failed"), "the server does not answer", ""],
    [{ ...log, note: "the log is longer than what is shown here" }, "the log is longer", "03:04:05 GET / 200"],
    [{ lines: [{ at: "", stream: "err", text: "<b>no time</b>" }] }, "", "error stream: <b>no time</b>"],
  ];
  let answer: unknown = { lines: [] };
  serveFetch(t, () => answer);
  const page = await opened(t);
  for (const [next, note, text] of cases) {
    answer = next;
    await click(page.one(".log button"));
    await answers();
    assert.deepEqual(page.texts("pre"), [text]);
    assert.ok(note === "" ? !page.has(".note") : page.texts(".note")[0]?.startsWith(note), note);
  }
  assert.ok(page.has("pre .err") && !page.has("pre b"), "what a task writes is text");
});

test("a log that is slow to come is announced, and belongs to the task that is shown", async (t) => {
  const waiting = new Map<string, (value: unknown) => void>();
  serveFetch(t, (path) => new Promise((resolve) => waiting.set(path, resolve)));
  const page = await opened(t);
  assert.deepEqual([page.texts("pre"), page.one("pre").getAttribute("aria-busy")], [["Reading…"], "true"]);
  await change(() => {
    clusterState.value = stateOf([aNode()], [aService()], [aTask(), aTask({ id: "t2", slot: 2 })]);
    go({ task: "t2" });
  });
  waiting.get("/log/t2")?.({ lines: [{ at: "", stream: "out", text: "of web.2" }] });
  await answers();
  assert.deepEqual(page.texts("pre"), ["of web.2"]);
  waiting.get("/log/t1")?.({ lines: [{ at: "", stream: "out", text: "of web.1" }] });
  await answers();
  assert.deepEqual(page.texts("pre"), ["of web.2"], "a late answer about another task changes nothing");
});

test("it is closed by its button and by a click beside it, and the address follows", async (t) => {
  serveFetch(t, () => log);
  const page = await opened(t);
  await click(page.one("header button"));
  assert.deepEqual([route.value.task, page.has("dialog[open]")], ["", false]);
  await change(() => {
    go({ task: "t1" });
  });
  await click(page.one("dl"));
  assert.ok(page.has("dialog[open]"), "a click inside is no wish to leave");
  await click(page.one("dialog"));
  assert.deepEqual([route.value.task, page.has("dialog[open]")], ["", false]);
});
