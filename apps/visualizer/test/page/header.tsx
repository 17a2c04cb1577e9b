import { change, click, show } from "./stage.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import { Header } from "../../page/header.tsx";
import { route } from "../../page/route.ts";
import { clockAheadMs, clusterState, link, problems, setLines, swarm, type Link } from "../../page/store.ts";
import type { Problem } from "../../shared/model.ts";
import { aLine, aNode, aService, stateOf } from "../samples.ts";

test("totals are running of desired tasks, without jobs and without surplus tasks", async (t) => {
  const page = await show(t, <Header />);
  assert.deepEqual(page.texts(".totals li"), ["0 nodes ready", "0 services complete", "0 tasks running"]);
  await change(() => {
    clusterState.value = stateOf(
      [aNode(), aNode({ id: "n2", state: "down" })],
      [
        aService({ running: 5, desiredTasks: 2 }),
        aService({ id: "s2", running: 1, desiredTasks: 3 }),
        aService({ id: "s3", mode: "replicated job", running: 1, desiredTasks: 9, completed: 9 }),
      ],
    );
  });
  assert.deepEqual(page.texts(".totals li"), [
    "1 of 2 nodes ready",
    "2 of 3 services complete",
    "3 of 5 tasks running",
  ]);
  assert.equal(page.root.querySelectorAll(".totals .short").length, 3);
});

test("the manager that answers is named once it is known", async (t) => {
  const page = await show(t, <Header />);
  assert.deepEqual(page.texts("h1"), ["Swarm"]);
  await change(() => {
    swarm.value = { manager: "manager1", docker: "28.0.0", api: "1.41" };
  });
  assert.deepEqual(page.texts("h1"), ["Swarm of manager1 · Docker 28.0.0"]);
});

test("the connection's words and mark are good only while the server and Docker answer", async (t) => {
  const page = await show(t, <Header />);
  const away: readonly Problem[] = [{ id: "docker", text: "Docker cannot be read: no route" }];
  const cases: readonly (readonly [Link, readonly Problem[], string, "good" | "bad"])[] = [
    [{ kind: "loading" }, [], "connecting", "bad"],
    [{ kind: "live" }, [], "live", "good"],
    [{ kind: "live" }, [{ id: "clock-n1", text: "a clock is off" }], "live", "good"],
    [{ kind: "live" }, away, "Docker is away", "bad"],
    [{ kind: "lost", why: "the server does not answer" }, away, "connection lost", "bad"],
  ];
  for (const [at, wrong, words, mark] of cases) {
    await change(() => {
      link.value = at;
      problems.value = wrong;
    });
    assert.deepEqual(page.texts(".connection"), [words]);
    assert.ok(page.has(`.connection .mark.${mark}`), words);
  }
});

test("notices name the problem, and that it may pass by itself", async (t) => {
  const page = await show(t, <Header />);
  assert.deepEqual(page.texts(".notices p"), []);
  await change(() => {
    link.value = { kind: "lost", why: "the server has fallen silent" };
    problems.value = [
      { id: "docker", text: "Docker cannot be read: no route" },
      { id: "clock-n1", text: "the clock of 'worker1' is at least 9 s ahead of the manager's" },
    ];
  });
  assert.deepEqual(page.texts(".notices p"), [
    "Not connected: the server has fallen silent. Trying again; what you see may be old.",
    "Docker cannot be read: no route. Trying again; what you see may be old.",
    "the clock of 'worker1' is at least 9 s ahead of the manager's",
  ]);
});

test("a clock of this computer that is off is named, with its direction", async (t) => {
  const page = await show(t, <Header />);
  const cases: readonly (readonly [number, string | undefined])[] = [
    [30_000, undefined],
    [-30_000, undefined],
    [90_000, "This computer's clock is 1 min behind the swarm's; ages go by the swarm's."],
    [-7_200_000, "This computer's clock is 2 h ahead of the swarm's; ages go by the swarm's."],
  ];
  for (const [ahead, notice] of cases) {
    await change(() => {
      clockAheadMs.value = ahead;
    });
    assert.deepEqual(page.texts(".notices p"), notice === undefined ? [] : [notice]);
  }
});

test("screen readers announce only the last event of a node or service", async (t) => {
  const page = await show(t, <Header />);
  const node = aLine({ level: "bad", verb: "is down", subject: { kind: "node", id: "n1", name: "worker1" } });
  await change(() => {
    setLines([
      node,
      aLine({ id: 2, level: "bad", verb: "failed" }),
      { ...node, id: 3, level: "plain", verb: "is a worker now" },
    ]);
  });
  assert.deepEqual(page.texts("div.hidden[role=status]"), ["node worker1 is down"]);
});

test("a narrow screen's part is chosen by its button, and the first link goes to the tasks", async (t) => {
  const page = await show(t, <Header />);
  for (const [n, part] of [
    [2, "services"],
    [3, "events"],
    [1, ""],
  ] as const) {
    await click(page.one(`.views button:nth-child(${n})`));
    assert.equal(route.value.show, part);
    assert.equal(page.root.querySelectorAll(".views [aria-pressed=true]").length, 1);
  }
  const task = document.createElement("a");
  Object.assign(task, { href: "#", tabIndex: 0 }).setAttribute("data-task", "t1");
  page.root.append(task);
  assert.equal(await click(page.one(".skip")), false, "the address stays");
  assert.ok(document.activeElement === task);
  task.remove();
});
