import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeSwarm, type SpecOptions } from "@swarm-farm/docker-api/fake";
import { count, Farm } from "../farm.ts";
import { specOf, unevenSwarm } from "../world.ts";

test("a node is lost and comes back: Swarm moves nothing, the steward moves the fewest tasks", async () => {
  const swarm = new FakeSwarm();
  swarm.addNode("worker-1");
  swarm.addNode("worker-2");
  const lost = swarm.addNode("worker-3");
  const service = swarm.addService(specOf("web", { replicas: 6 }));
  swarm.advance(10_000);
  const farm = await Farm.start(swarm);
  const actor = farm.hire("a");
  await farm.run(20);
  swarm.setNode(lost, { state: "down" });
  await farm.run(100);
  assert.deepEqual(swarm.counts(service), { "worker-1": 3, "worker-2": 3 });
  swarm.setNode(lost, { state: "ready" });
  await farm.run(55);
  assert.deepEqual(swarm.counts(service), { "worker-1": 3, "worker-2": 3 }, "not before the quiet period is over");
  const before = swarm.tasksCreated.get(service.id);
  await farm.run(60);
  assert.deepEqual(swarm.counts(service), { "worker-1": 2, "worker-2": 2, "worker-3": 2 });
  assert.equal(swarm.tasksCreated.get(service.id), (before ?? 0) + 2);
  assert.deepEqual(service.spec, specOf("web", { replicas: 6 }), "the rest of the spec is as it was");
  await farm.run(300);
  assert.equal(farm.scalings, 3, "one task, the other, and back");
  assert.equal(await count(actor, 'moves_total{outcome="moved"}'), 1);
  assert.equal(await count(actor, "balance_seconds_count"), 1);
});

test("several services are moved one at a time", async () => {
  const { swarm, service } = unevenSwarm(2);
  const other = swarm.addService(specOf("api", { constraints: ["node.hostname==worker-1"] }));
  swarm.advance(10_000);
  swarm.change(other, specOf("api"));
  const farm = await Farm.start(swarm);
  farm.hire("a");
  for (let i = 0; i < 60; i++) {
    await farm.run(5);
    const replicas = [service, other].map(({ spec }) => spec.Mode.Replicated?.Replicas ?? 0);
    assert.ok(replicas.filter((one) => one > 4).length <= 1);
  }
  assert.deepEqual([swarm.counts(service), swarm.counts(other)].map(Object.values), [
    [2, 2],
    [2, 2],
  ]);
});

test("new tasks that never become healthy are given up, and the service has a backoff, longer each time", async () => {
  const { swarm, service } = unevenSwarm(2);
  // Tasks that run are not replaced: only new ones are of the bad image.
  service.spec = specOf("web", { image: "web:unhealthy" });
  const farm = await Farm.start(swarm, { MOVE_GRACE_SECONDS: "0" });
  const actor = farm.hire("a");
  await farm.run(60 + 180 + 30);
  assert.equal(service.spec.Mode.Replicated?.Replicas, 4);
  assert.equal(swarm.counts(service)["worker-1"], 3, "one was tried, so Swarm took one");
  assert.equal(farm.scalings, 2);
  assert.ok(actor.lines.some((line) => line.includes("only 4 of 5 tasks ran in time")));
  await farm.run(180);
  assert.equal(await count(actor, 'moves_total{outcome="undone"}'), 1);
  assert.equal(await count(actor, "move_under_way"), 0);
  assert.match(farm.labels.memory ?? "", /"failures":1/);
});

test("backoffs end, and get longer", async () => {
  const { swarm } = unevenSwarm(2);
  for (const node of swarm.nodes.values()) if (node.hostname === "worker-2") swarm.shunned.add(node.id);
  const farm = await Farm.start(swarm);
  const actor = farm.hire("a");
  await farm.run(60 + 60);
  assert.equal(farm.scalings, 3, "one task, all, and back");
  assert.equal(await count(actor, 'moves_total{outcome="useless"}'), 1);
  await farm.run(260);
  assert.equal(farm.scalings, 3, "five minutes");
  await farm.run(100);
  assert.equal(farm.scalings, 6, "then again");
  await farm.run(480);
  assert.equal(farm.scalings, 6, "ten minutes");
  for (const node of swarm.nodes.values()) swarm.shunned.delete(node.id);
  await farm.run(180);
  assert.equal(await count(actor, 'moves_total{outcome="moved"}'), 1);
  assert.doesNotMatch(farm.labels.memory ?? "", /failures/, "success ends it");
});

test("new tasks are not given up at the price of running ones, unless they never come", async () => {
  const { swarm, service } = unevenSwarm(2);
  const good = service.spec;
  service.spec = specOf("web", { image: "web:unhealthy" });
  const farm = await Farm.start(swarm);
  farm.hire("a");
  await farm.run(60 + 180 + 300);
  assert.deepEqual([farm.scalings, swarm.counts(service)["worker-1"]], [1, 4]);
  // Gets healthy late: the move goes on.
  for (const task of swarm.tasks.values()) if (task.state === "starting") task.state = "running";
  service.spec = { ...good, Mode: service.spec.Mode };
  await farm.run(60);
  assert.deepEqual(swarm.counts(service), { "worker-1": 2, "worker-2": 2 });
});

test("a service that Docker refuses to change has a backoff", async () => {
  const { swarm } = unevenSwarm(2);
  const farm = await Farm.start(swarm);
  const actor = farm.hire("a");
  farm.daemon.fault = (method, path) => (method === "POST" && path.includes("/services/") ? "refuse" : undefined);
  await farm.run(180);
  assert.equal(await count(actor, 'errors_total{kind="other"}'), 1);
  assert.match(farm.labels.memory ?? "", /"failures":1/);
});

test("new tasks for which there is no node any more are given up at once when their time is over", async () => {
  const { swarm, service } = unevenSwarm(2, { cpus: 1 });
  const farm = await Farm.start(swarm);
  const actor = farm.hire("a");
  await farm.run(65, () => farm.scalings === 1);
  for (const node of swarm.nodes.values()) if (node.hostname === "worker-2") swarm.setNode(node, { state: "down" });
  await farm.run(200);
  assert.deepEqual([service.spec.Mode.Replicated?.Replicas, swarm.counts(service)], [4, { "worker-1": 4 }]);
  assert.ok(actor.lines.some((line) => line.includes("no suitable node")));
});

test("waits for an update, and begins the quiet period after it", async () => {
  const { swarm, service } = unevenSwarm(2);
  service.update = { state: "updating" };
  const farm = await Farm.start(swarm);
  const actor = farm.hire("a");
  await farm.run(300);
  assert.equal(farm.scalings, 0);
  assert.equal(await count(actor, 'refusals{reason="updating"}'), 1);
  service.update = { state: "completed" };
  service.version = swarm.version();
  await farm.run(55);
  assert.equal(farm.scalings, 0);
  await farm.run(40);
  assert.deepEqual(swarm.counts(service), { "worker-1": 2, "worker-2": 2 });
});

test("an update that begins during a move is not disturbed; the count is restored after it", async () => {
  const { swarm, service } = unevenSwarm(2);
  const farm = await Farm.start(swarm);
  farm.hire("a");
  await farm.run(65, () => farm.scalings === 1);
  service.update = { state: "updating" };
  await farm.run(400);
  assert.deepEqual([farm.scalings, service.spec.Mode.Replicated?.Replicas], [1, 5]);
  service.update = { state: "completed" };
  await farm.run(20);
  assert.equal(service.spec.Mode.Replicated?.Replicas, 4);
});

test("a count that a person sets during a move stays", async () => {
  const { swarm, service } = unevenSwarm(2);
  const farm = await Farm.start(swarm);
  const actor = farm.hire("a");
  await farm.run(65, () => farm.scalings === 1);
  swarm.scale(service, 9);
  await farm.run(30);
  assert.equal(service.spec.Mode.Replicated?.Replicas, 9);
  assert.equal(await count(actor, 'moves_total{outcome="dropped"}'), 1);
});

test("opted-out, stateful and global services are never touched", async () => {
  const cases: readonly SpecOptions[] = [
    { labels: { "swarm-farm.rebalance": "false" } },
    { mount: "volume" },
    { mount: "bind" },
    { global: true },
  ];
  for (const options of cases) {
    const { swarm } = unevenSwarm(2, options);
    const farm = await Farm.start(swarm);
    farm.hire("a");
    await farm.run(120);
    assert.equal(farm.scalings, 0, JSON.stringify(options));
  }
});
