import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeSwarm, imageOf, serviceSpec } from "../fake/index.ts";

function swarmOf(workers: number, swarm = new FakeSwarm()): FakeSwarm {
  for (let i = 1; i <= workers; i++) swarm.addNode(`worker-${i}`, { labels: { zone: i % 2 ? "a" : "b" } });
  return swarm;
}

const states = (swarm: FakeSwarm): string[] => [...swarm.tasks.values()].map(({ state }) => state);

test("tasks take time to start, and are spread over the nodes", () => {
  const swarm = swarmOf(3);
  const service = swarm.addService(serviceSpec("web", { replicas: 6 }));
  assert.deepEqual(new Set(states(swarm)), new Set(["preparing"]));
  swarm.advance(2_999);
  assert.deepEqual(swarm.counts(service), {});
  swarm.advance(1);
  assert.deepEqual(swarm.counts(service), { "worker-1": 2, "worker-2": 2, "worker-3": 2 });
});

test("a live swarm's tasks run at once", () => {
  const swarm = swarmOf(2, FakeSwarm.live());
  const service = swarm.addService(serviceSpec("web", { replicas: 4 }));
  assert.deepEqual(swarm.counts(service), { "worker-1": 2, "worker-2": 2 });
  const [task] = swarm.alive(service);
  assert.ok(task && Math.abs(task.stateAt - Date.now()) < 60_000);
});

test("a lost node's tasks are replaced, and none moves when it returns", () => {
  const swarm = swarmOf(2);
  const service = swarm.addService(serviceSpec("web", { replicas: 4 }));
  swarm.advance(10_000);
  const [first] = swarm.nodes.values();
  assert.ok(first);
  swarm.setNode(first, { state: "down" });
  swarm.advance(10_000);
  swarm.setNode(first, { state: "ready" });
  swarm.advance(10_000);
  assert.deepEqual(swarm.counts(service), { "worker-2": 4 });
  assert.equal(swarm.tasksCreated.get(service.id), 6);
});

test("a service that shrinks loses tasks where it has most", () => {
  const swarm = swarmOf(2);
  const service = swarm.addService(serviceSpec("web", { replicas: 2, constraints: ["node.hostname==worker-1"] }));
  swarm.advance(10_000);
  swarm.change(service, serviceSpec("web", { replicas: 4 }));
  swarm.advance(10_000);
  assert.deepEqual(swarm.counts(service), { "worker-1": 2, "worker-2": 2 });
  swarm.scale(service, 2);
  swarm.advance(10_000);
  assert.deepEqual(swarm.counts(service), { "worker-1": 1, "worker-2": 1 });
});

test("a task that fits nowhere waits, and says why", () => {
  const swarm = swarmOf(2);
  const errors = () => swarm.alive().flatMap(({ error }) => error || []);
  const greedy = swarm.addService(serviceSpec("greedy", { cpus: 3, replicas: 3 }));
  assert.deepEqual(errors(), ["no suitable node (insufficient resources on 2 nodes)"]);
  swarm.removeService(greedy);
  swarm.addService(serviceSpec("training", { constraints: ["node.labels.gpu==true"] }));
  assert.deepEqual(errors(), ["no suitable node (scheduling constraints not satisfied on 2 nodes)"]);
  swarm.addNode("gpu", { labels: { gpu: "true" } });
  assert.deepEqual(errors(), []);
});

test("constraints, preferences and the limit per node hold", () => {
  const swarm = swarmOf(3);
  const counts = (name: string, options: Parameters<typeof serviceSpec>[1]) => {
    const service = swarm.addService(serviceSpec(name, options));
    swarm.advance(10_000);
    return swarm.counts(service);
  };
  assert.deepEqual(counts("not", { replicas: 2, constraints: ["node.hostname!=worker-1"] }), {
    "worker-2": 1,
    "worker-3": 1,
  });
  assert.deepEqual(counts("zones", { replicas: 4, spread: ["node.labels.zone"] }), {
    "worker-1": 1,
    "worker-2": 2,
    "worker-3": 1,
  });
  assert.equal(Object.values(counts("few", { replicas: 6, maxPerNode: 1 })).length, 3);
});

test("a global service has a task on each node that takes one", () => {
  const swarm = swarmOf(2, FakeSwarm.live());
  const service = swarm.addService(serviceSpec("agent", { global: true }));
  swarm.addNode("worker-3");
  assert.deepEqual(swarm.counts(service), { "worker-1": 1, "worker-2": 1, "worker-3": 1 });
  const [first] = swarm.nodes.values();
  assert.ok(first);
  swarm.setNode(first, { availability: "drain" });
  assert.deepEqual(swarm.counts(service), { "worker-2": 1, "worker-3": 1 });
});

test("an update replaces one task at a time, and ended tasks stay for a while", () => {
  const swarm = swarmOf(1, FakeSwarm.live());
  const service = swarm.addService(serviceSpec("web", { replicas: 2 }));
  swarm.startUpdate(service, "nginx:1.28");
  assert.equal(service.update?.state, "updating");
  assert.ok(swarm.updateNext(service));
  assert.deepEqual(
    swarm
      .alive()
      .map(({ template }) => imageOf(template))
      .sort(),
    ["nginx:1.27", "nginx:1.28"],
  );
  assert.ok(swarm.updateNext(service));
  assert.equal(swarm.updateNext(service), false);
  assert.equal(service.update.state, "completed");
  for (let i = 0; i < 20; i++) for (const task of swarm.alive()) swarm.kill(task);
  assert.equal(swarm.tasks.size, 2 + 2 * 5);
  assert.ok(states(swarm).includes("failed"));
});

test("an unhealthy image stays in starting", () => {
  const swarm = swarmOf(1);
  swarm.addService(serviceSpec("web", { image: "web:unhealthy" }));
  swarm.advance(60_000);
  assert.deepEqual(states(swarm), ["starting"]);
});

test("tasks that end are started again by a count alone, and a slot keeps those before", () => {
  const swarm = swarmOf(2);
  const spec = serviceSpec("job", { ends: true, replicas: 2 });
  const count = (ForceUpdate: number, replicas = 2) => ({
    ...spec,
    TaskTemplate: { ...spec.TaskTemplate, ForceUpdate },
    Mode: { Replicated: { Replicas: replicas } },
  });
  const service = swarm.addService(spec);
  swarm.advance(10_000);
  for (const [i, task] of [...swarm.tasks.values()].entries()) swarm.finish(task, i);
  swarm.advance(60_000);
  assert.deepEqual(states(swarm), ["complete", "failed"]);
  swarm.change(service, count(1));
  swarm.advance(10_000);
  assert.deepEqual(states(swarm), ["complete", "failed", "running", "running"]);
  swarm.change(service, count(2));
  swarm.advance(10_000);
  assert.deepEqual(states(swarm).slice(2), ["shutdown", "shutdown", "running", "running"]);
  swarm.change(service, count(2, 0));
  assert.deepEqual(states(swarm), []);
});
