import { change, click, show } from "./stage.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import { go, route } from "../../page/route.ts";
import { Services } from "../../page/services.tsx";
import { clusterState } from "../../page/store.ts";
import type { Service } from "../../shared/model.ts";
import { aService, stateOf } from "../samples.ts";

const of = (...services: readonly Service[]) => stateOf([], services);

test("services are listed in natural order, with running and desired tasks", async (t) => {
  const page = await show(t, <Services />);
  await change(() => {
    clusterState.value = of(
      aService({ id: "a", name: "web-10", running: 1 }),
      aService({ id: "b", name: "web-2", ports: ["8080→80", "53→53/udp"] }),
      aService({ id: "c", name: "agent", mode: "global" }),
    );
  });
  assert.deepEqual(page.texts("h2 small"), ["3"]);
  assert.deepEqual(page.texts(".name"), ["agent", "web-2", "web-10"]);
  assert.deepEqual(page.texts(".replicas [aria-hidden]:not(.mark)"), ["2/2", "2/2", "1/2"]);
  assert.deepEqual(page.texts(".replicas.short .hidden"), ["1 of 2 running"]);
  assert.deepEqual(page.texts(".mode"), ["global", "8080→80 53→53/udp", ""]);
});

test("a job has its completed tasks, not its running ones", async (t) => {
  const page = await show(t, <Services />);
  await change(() => {
    clusterState.value = of(
      aService({ id: "a", name: "import", mode: "replicated job", desiredTasks: 5, running: 2, completed: 3 }),
      aService({ id: "b", name: "sweep", mode: "global job", desiredTasks: 3, running: 0, completed: 3 }),
    );
  });
  assert.deepEqual(page.texts(".replicas .hidden"), ["3 of 5 done", "3 of 3 done"]);
  assert.deepEqual(page.texts(".replicas.short"), ["3/53 of 5 done"]);
});

test("an update is shown while it runs and when it stopped, and not when it is over", async (t) => {
  const page = await show(t, <Services />);
  const cases: readonly (readonly [Service["update"], readonly string[], string?])[] = [
    [undefined, []],
    [{ state: "completed", message: "update completed" }, []],
    [{ state: "a state of a newer Docker", message: "" }, []],
    [{ state: "updating", message: "update in progress" }, ["updating"], "warn"],
    [{ state: "updating", message: "", done: 0 }, ["updating 0 of 2"], "warn"],
    [{ state: "paused", message: "task failed" }, ["update stopped: task failed"], "bad"],
    [{ state: "paused", message: "" }, ["update stopped"], "bad"],
    [{ state: "rollback_started", message: "", done: 1 }, ["rolling back 1 of 2"], "warn"],
    [{ state: "rollback_paused", message: "" }, ["rollback stopped"], "bad"],
    [{ state: "rollback_completed", message: "rollback completed" }, ["rolled back"], "warn"],
  ];
  for (const [update, expected, level] of cases) {
    await change(() => {
      clusterState.value = of(aService(update && { update }));
    });
    assert.deepEqual(page.texts(".update"), expected, update?.state ?? "none");
    assert.deepEqual(page.texts(`.update.${level}`), expected, level);
    assert.equal(page.root.querySelectorAll(".update [role=meter]").length, update?.done === undefined ? 0 : 1);
  }
});

test("a click looks at one service only, and the next one at all again", async (t) => {
  const page = await show(t, <Services />);
  await change(() => {
    go({ show: "services" });
    clusterState.value = of(aService(), aService({ id: "s2", name: "api" }));
  });
  const pressed = () => page.texts("[aria-pressed=true] .name");
  await click(page.one("li:last-child button"));
  assert.deepEqual([route.value.service, route.value.show, pressed()], ["web", "", ["web"]]);
  await click(page.one("li:last-child button"));
  assert.deepEqual([route.value.service, pressed()], ["", []]);
});
