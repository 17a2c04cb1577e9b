import assert from "node:assert/strict";
import { test } from "node:test";
import { secret } from "@swarm-farm/docker-api/fake";
import { smallSwarm, stage, until, untilRead, view } from "../helpers.ts";
import { sampleSpec } from "../../fake/sample.ts";

test("environment values, arguments, mounts, secrets and configs never leave the server", async (t) => {
  const on = await stage(t, smallSwarm());
  await untilRead(on);
  const viewer = await view(on.url, "");
  const first = await (await fetch(`${on.url}state`)).text();
  const [task] = on.swarm.alive();
  if (task) on.swarm.kill(task);
  on.swarm.addService(sampleSpec("late", { replicas: 2 }));
  await until("the change arrives", () => viewer.text().includes('"late"'));
  const answers = await Promise.all(
    ["", "state", "history?before=999", "metrics", "healthz", "app.js"].map(async (path) =>
      (await fetch(on.url + path)).text(),
    ),
  );
  viewer.leave();
  const everything = [first, viewer.text(), ...answers].join("\n");
  assert.ok(everything.includes("worker1"), "the swarm was shown");
  assert.ok(!everything.includes(secret));
  const held = JSON.stringify([
    ...on.server.hub.clusterState.services.values(),
    ...on.server.hub.clusterState.tasks.values(),
  ]);
  assert.ok(!held.includes(secret), "not even in memory");
});
