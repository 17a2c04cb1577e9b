import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { Docker, OutOfSequence } from "@swarm-farm/docker-api";
import { FakeSwarm, startFakeDaemon } from "@swarm-farm/docker-api/fake";
import { Swarm } from "../../src/docker/swarm.ts";
import { serviceOf, specOf, unevenSwarm } from "../world.ts";

async function connected(t: TestContext, fake = new FakeSwarm()) {
  const daemon = await startFakeDaemon(fake);
  const docker = new Docker(daemon.host, { timeoutMs: 2_000 });
  t.after(() => Promise.all([docker.close(), daemon.close()]));
  return { swarm: new Swarm(docker), daemon, fake };
}

test("a count is set only on the service that was decided about", async (t) => {
  const { swarm: fake, service } = unevenSwarm(2);
  const { swarm, daemon } = await connected(t, fake);
  const decided = serviceOf(fake, service);
  fake.change(service, specOf("web", { replicas: 7 }));
  await assert.rejects(swarm.scale(decided, 5), (error) => error instanceof OutOfSequence);
  assert.deepEqual([service.spec.Mode.Replicated?.Replicas, daemon.writes], [7, []]);
  fake.change(service, specOf("web", { global: true }));
  await assert.rejects(swarm.scale({ ...decided, version: service.version }, 5), /is not replicated any more/);
  fake.removeService(service);
  await assert.rejects(swarm.scale(decided, 5), /404/);
});

test("the labels' config is created once, though two stewards look for it at the same time", async (t) => {
  const { swarm, daemon, fake } = await connected(t);
  fake.configs.set("x", { id: "x", name: "lease-of-another", data: "", labels: { holder: "no" }, version: 1 });
  const [one, other] = await Promise.all([swarm.labels("lease"), swarm.labels("lease")]);
  assert.deepEqual([one.id === other.id, one.labels, fake.configs.size], [true, {}, 2]);
  assert.ok(daemon.writes.every((path) => path === "/configs/create"));
  assert.match(Buffer.from(one.data, "base64").toString(), /apps\/steward\/README\.md/);
});

test("labels are replaced with the content as it was, and not if another was faster", async (t) => {
  const { swarm, fake } = await connected(t);
  const read = await swarm.labels("lease");
  await swarm.relabel("lease", read, { holder: "a" });
  await assert.rejects(swarm.relabel("lease", read, { holder: "b" }), OutOfSequence);
  const now = await swarm.labels("lease");
  assert.deepEqual([now.labels, now.data], [{ holder: "a" }, read.data]);
  assert.deepEqual(
    [...fake.configs.values()].map(({ labels }) => labels),
    [{ holder: "a" }],
  );
});

test("a config that Docker refuses to create is an error, not an empty lease", async (t) => {
  const { swarm, daemon } = await connected(t);
  daemon.fault = (method) => (method === "POST" ? "refuse" : undefined);
  await assert.rejects(swarm.labels("lease"), /400/);
});

test("a snapshot is whole or an error: a manager that goes away in the middle leaves no half of it", async (t) => {
  const { swarm: fake } = unevenSwarm(2);
  const { swarm, daemon } = await connected(t, fake);
  const whole = await swarm.snapshot();
  assert.deepEqual([whole.nodes.length, whole.services.length, whole.tasks.length > 0], [2, 1, true]);
  for (const list of ["/nodes", "/services", "/tasks"]) {
    daemon.fault = (_, path) => (path.endsWith(list) ? "before" : undefined);
    await assert.rejects(swarm.snapshot(), list);
  }
});
