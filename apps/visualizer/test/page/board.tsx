import { change, click, press, show } from "./stage.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import { Board } from "../../page/board.tsx";
import { go, route } from "../../page/route.ts";
import { clusterState, link, problems } from "../../page/store.ts";
import { aNode, aService, aTask, stateOf } from "../samples.ts";

test("each node is a column with its tasks, and tasks without a node come first", async (t) => {
  const page = await show(t, <Board />);
  await change(() => {
    clusterState.value = stateOf(
      [aNode(), aNode({ id: "n2", name: "manager1", role: "manager" })],
      [aService()],
      [
        aTask({ id: "t2", slot: 2 }),
        aTask(),
        aTask({ id: "t3", slot: 3, nodeId: "", state: "pending", reason: "no suitable node" }),
      ],
    );
  });
  assert.deepEqual(page.texts("h3 bdi, h3[id='column-']"), ["Without a node", "manager1", "worker1"]);
  assert.deepEqual(page.texts(".task .name"), ["web.3", "web.1", "web.2"]);
  assert.deepEqual(page.texts(".task.waiting .why"), ["waiting no suitable node"]);
  assert.equal(page.one("[data-task=t1]").title, "web.1 · running · nginx:1");
});

test("of a column's tasks Tab stops at the first only", async (t) => {
  const page = await show(t, <Board />);
  await change(() => {
    clusterState.value = stateOf(
      [aNode()],
      [aService()],
      [1, 2, 3].map((slot) => aTask({ id: `t${slot}`, slot })),
    );
  });
  assert.deepEqual(
    [...page.root.querySelectorAll("[data-task]")].map((task) => task.getAttribute("tabindex")),
    ["0", "-1", "-1"],
  );
});

test("tasks of a node that leaves the swarm move to the column without a node, and none is lost", async (t) => {
  const page = await show(t, <Board />);
  const tasks = [aTask(), aTask({ id: "t2", slot: 2, nodeId: "n2" })];
  await change(() => {
    clusterState.value = stateOf([aNode(), aNode({ id: "n2", name: "worker2" })], [aService()], tasks);
  });
  const stays = page.one("[data-task=t1]");
  await change(() => {
    clusterState.value = stateOf([aNode()], [aService()], tasks);
  });
  assert.deepEqual(page.texts(".homeless .name"), ["web.2"]);
  assert.ok(page.one("[data-task=t1]") === stays, "an element of another column is not drawn again");
});

test("a click on a task opens it; one for a new tab is the browser's", async (t) => {
  const page = await show(t, <Board />);
  await change(() => {
    clusterState.value = stateOf([aNode()], [aService()], [aTask()]);
  });
  const name = page.one(".task .name bdi");
  for (const how of [{ ctrlKey: true }, { metaKey: true }, { shiftKey: true }, { button: 1 }]) {
    assert.ok(await click(name, how), JSON.stringify(how));
  }
  assert.equal(route.value.task, "");
  assert.ok(await click(page.one("h3")), "a click beside the tasks is nothing");
  assert.equal(await click(name), false);
  assert.equal(route.value.task, "t1");
  assert.equal(location.hash, "#task=t1");
});

test("tiles spell out problems only, and every tile has a text for screen readers", async (t) => {
  const page = await show(t, <Board />);
  await change(() => {
    go({ as: "tiles" });
    clusterState.value = stateOf(
      [aNode()],
      [aService()],
      [aTask(), aTask({ id: "t2", slot: 2, state: "failed", reason: "exit", exitCode: 1 })],
    );
  });
  assert.deepEqual(page.texts(".task.tile"), ["web.1, running"]);
  assert.ok(!page.has(".task.tile .mark"), "thousands of dots would say nothing");
  assert.deepEqual(page.texts(".task.failed .why"), ["failed, exit 1 exit"]);
});

test("a task that has just come is marked as fresh, and old ones are not", async (t) => {
  const page = await show(t, <Board />);
  await change(() => {
    clusterState.value = stateOf(
      [aNode()],
      [aService()],
      [aTask(), aTask({ id: "t2", slot: 2, createdAt: Date.now() - 1_000 })],
    );
  });
  assert.deepEqual(page.texts(".task.fresh .name"), ["web.2"]);
});

test("without a task to show, the page gives the reason", async (t) => {
  const page = await show(t, <Board />);
  assert.deepEqual(page.texts(".empty"), ["Looking at the swarm…"]);
  await change(() => {
    problems.value = [{ id: "docker", text: "Docker cannot be read" }];
  });
  assert.deepEqual(page.texts(".empty"), ["Nothing to show yet."]);
  await change(() => {
    link.value = { kind: "loading" };
  });
  assert.deepEqual(page.texts(".empty"), ["Looking at the swarm…"]);
  await change(() => {
    clusterState.value = stateOf([aNode()]);
    go({ q: "nothing like it" });
  });
  assert.deepEqual(page.texts(".empty"), ["Nothing here matches what you look for."]);
});

test("arrows go from task to task and from column to column, over those without tasks", async (t) => {
  const page = await show(t, <Board />);
  const on = (nodeId: string, slots: number[]) => slots.map((slot) => aTask({ id: `${nodeId}-${slot}`, slot, nodeId }));
  await change(() => {
    clusterState.value = stateOf(
      ["a", "b", "c"].map((id) => aNode({ id, name: id })),
      [aService()],
      [...on("a", [1, 2, 3]), ...on("c", [4, 5])],
    );
  });
  const walk: readonly (readonly [string, string])[] = [
    ["ArrowDown", "a-2"],
    ["ArrowDown", "a-3"],
    ["ArrowDown", "a-3"],
    ["ArrowRight", "c-5"],
    ["ArrowRight", "c-5"],
    ["ArrowUp", "c-4"],
    ["ArrowLeft", "a-1"],
    ["End", "a-3"],
    ["Home", "a-1"],
    ["ArrowUp", "a-1"],
    ["x", "a-1"],
  ];
  page.one("[data-task=a-1]").focus();
  for (const [key, expected] of walk) {
    const before = document.activeElement;
    assert.ok(before);
    const left = await press(before, key);
    assert.equal(document.activeElement?.getAttribute("data-task"), expected, key);
    assert.equal(left, document.activeElement === before, `${key} scrolls the page only where it moves nothing`);
  }
});
