import assert from "node:assert/strict";
import { test } from "node:test";
import { Farm } from "../farm.ts";
import { unevenSwarm } from "../world.ts";

test("on demand: the steward hands over, the move is made without a quiet period, the steward goes on", async () => {
  const { swarm, service } = unevenSwarm(2);
  const farm = await Farm.start(swarm, { QUIET_SECONDS: "3600" });
  const { steward } = farm.hire("a");
  await farm.run(10);
  const { good, lines } = await farm.order([]);
  assert.ok(good, lines.join("\n"));
  assert.deepEqual(swarm.counts(service), { "worker-1": 2, "worker-2": 2 });
  assert.deepEqual(
    [lines[0], lines.at(-1)],
    ["waits for 'a' to hand over", "service 'web' is rebalanced (worker-1 2, worker-2 2)"],
  );
  await farm.run(5);
  assert.ok(steward.lease.held);
});

test("on demand without a steward, and again: nothing left to do", async () => {
  const farm = await Farm.start(unevenSwarm(2).swarm);
  assert.ok((await farm.order(["web"])).good);
  const again = await farm.order(["web"]);
  assert.deepEqual(again, { good: true, lines: ["service 'web' is balanced (worker-1 2, worker-2 2)"] });
});

test("a dry run prints what it would do, and does nothing", async () => {
  const farm = await Farm.start(unevenSwarm(2).swarm);
  const { good, lines } = await farm.order([], true);
  assert.ok(good);
  assert.match(lines[0] ?? "", /^would move: service 'web' is uneven \(worker-1 4, worker-2 0\)/);
  assert.deepEqual(farm.daemon.writes, []);
});

test("safety rules hold on demand too; a failed move and an unknown service are failures", async () => {
  const updating = unevenSwarm(2);
  updating.service.update = { state: "updating" };
  const { good, lines } = await (await Farm.start(updating.swarm)).order(["web"]);
  assert.ok(good);
  assert.match(lines[0] ?? "", /but it is being updated/);

  const sick = unevenSwarm(2);
  sick.service.spec = {
    ...sick.service.spec,
    TaskTemplate: { ...sick.service.spec.TaskTemplate, ContainerSpec: { Image: "web:unhealthy" } },
  };
  const farm = await Farm.start(sick.swarm);
  assert.equal((await farm.order(["web"])).good, false);
  assert.equal(sick.service.spec.Mode.Replicated?.Replicas, 4);
  await assert.rejects(farm.order(["wbe"]), /there is no service 'wbe'/);
});

test("a holder that does not hand over is waited for only so long, and nothing is moved", async () => {
  const { swarm, service } = unevenSwarm(2);
  const farm = await Farm.start(swarm, { MOVE_DEADLINE_SECONDS: "20", MOVE_GRACE_SECONDS: "0" });
  const { steward } = farm.hire("a");
  await farm.run(5);
  // A move that does not end while the command waits.
  const move = { serviceId: "x", service: "x", from: 1, to: 2, skew: 2, phase: "up", until: 9e9 } as const;
  await steward.lease.save({ ...steward.lease.memory, move });
  steward.tick = async () => {
    await steward.lease.attend();
  };
  await assert.rejects(farm.order([]), /'a' did not hand over in 100 s/);
  assert.deepEqual([farm.scalings, swarm.counts(service)], [0, { "worker-1": 4 }]);
  assert.equal(farm.labels.wanted, "", "its request is taken back");
});

test("a service that someone changes in the middle is read again, and moved all the same", async () => {
  const { swarm, service } = unevenSwarm(2);
  const farm = await Farm.start(swarm);
  let changed = false;
  farm.daemon.fault = (method, path) => {
    if (method === "GET" && path.endsWith(service.id) && !changed) {
      changed = true;
      swarm.change(service, { ...service.spec, Labels: { owner: "ann" } });
    }
    return undefined;
  };
  const { good, lines } = await farm.order(["web"]);
  assert.ok(good && changed);
  assert.ok(lines.includes("service 'web' was changed meanwhile"), lines.join("\n"));
  assert.deepEqual([swarm.counts(service), service.spec.Labels], [{ "worker-1": 2, "worker-2": 2 }, { owner: "ann" }]);
});

test("a Docker that goes away in the middle ends the command, and the next one goes on from there", async () => {
  const { swarm, service } = unevenSwarm(2);
  const farm = await Farm.start(swarm);
  farm.daemon.fault = (method) => (method === "GET" && farm.scalings > 0 ? "before" : undefined);
  await assert.rejects(farm.order(["web"]));
  assert.equal(service.spec.Mode.Replicated?.Replicas, 5);
  farm.daemon.fault = () => undefined;
  const { lines } = await farm.order(["web"]);
  assert.equal(lines.at(-1), "service 'web' is rebalanced (worker-1 2, worker-2 2)");
  assert.equal(service.spec.Mode.Replicated.Replicas, 4);
});
