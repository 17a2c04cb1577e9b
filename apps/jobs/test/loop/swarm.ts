import assert from "node:assert/strict";
import { test } from "node:test";
import { OutOfSequence } from "@swarm-farm/docker-api";
import { serviceSpec } from "@swarm-farm/docker-api/fake";
import { eachMinute, Farm } from "../farm.ts";
import { counterOf } from "../../src/run.ts";
import { noon } from "../samples.ts";

async function onlyJob(farm: Farm) {
  const [job] = await farm.client().jobs();
  assert.ok(job);
  return job;
}

test("only services with the label are read, by name", async () => {
  const farm = await Farm.start();
  farm.swarm.addService(serviceSpec("web"));
  farm.swarm.addService(serviceSpec("off", { labels: { ...eachMinute, "swarm.cronjob.enable": "false" } }));
  farm.declare("shop_b");
  farm.declare("shop_a");
  const jobs = await farm.client().jobs();
  assert.deepEqual(
    jobs.map(({ name, replicas, forceUpdate, updatedAt }) => [name, replicas, forceUpdate, updatedAt]),
    [
      ["shop_a", 0, 0, noon],
      ["shop_b", 0, 0, noon],
    ],
  );
});

test("without a job no tasks are asked for", async () => {
  const farm = await Farm.start();
  assert.deepEqual(await farm.client().jobs(), []);
  assert.ok(farm.daemon.requests.every(({ url }) => !url.includes("/tasks")));
});

test("a start sets replicas and counter, and leaves the rest of the spec as it is", async () => {
  const farm = await Farm.start();
  const declared = farm.declare("shop_report");
  const { spec } = declared;
  await farm.client().start(await onlyJob(farm), noon, 2);
  assert.deepEqual(declared.spec, {
    ...spec,
    Mode: { Replicated: { Replicas: 2 } },
    TaskTemplate: { ...spec.TaskTemplate, ForceUpdate: counterOf(noon) },
  });
  farm.pass(10);
  const { tasks } = await onlyJob(farm);
  assert.deepEqual(
    tasks.map(({ slot, forceUpdate, state }) => [slot, forceUpdate, state]),
    [
      [1, counterOf(noon), "running"],
      [2, counterOf(noon), "running"],
    ],
  );
});

test("a service that was changed since it was read is not started", async () => {
  const farm = await Farm.start();
  const declared = farm.declare("shop_report");
  const job = await onlyJob(farm);
  farm.swarm.change(declared, declared.spec);
  await assert.rejects(farm.client().start(job, noon, 1), OutOfSequence);
  farm.swarm.change(declared, { ...declared.spec, Mode: { Global: {} } });
  await assert.rejects(farm.client().stop(await onlyJob(farm)), /is not replicated/);
});

test("of two that start the same run at once, one is refused", async () => {
  const farm = await Farm.start();
  const declared = farm.declare("shop_report");
  const job = await onlyJob(farm);
  const ends = await Promise.allSettled([farm.client().start(job, noon, 1), farm.client().start(job, noon, 1)]);
  assert.deepEqual(ends.map(({ status }) => status).toSorted(), ["fulfilled", "rejected"]);
  assert.equal(farm.swarm.tasksCreated.get(declared.id), 1);
});
