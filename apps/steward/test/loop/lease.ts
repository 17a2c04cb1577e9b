import assert from "node:assert/strict";
import { test } from "node:test";
import { count, Farm } from "../farm.ts";
import { unevenSwarm } from "../world.ts";

test("of several stewards one acts, whatever their clocks show, and another takes over when it dies", async () => {
  const { swarm, service } = unevenSwarm(2);
  const farm = await Farm.start(swarm, { QUIET_SECONDS: "200" });
  const actors = [farm.hire("a"), farm.hire("b", 90_000_000), farm.hire("c", -900_000)];
  for (let i = 0; i < 10; i++) {
    await farm.run(5);
    assert.deepEqual(
      actors.map(({ steward }) => steward.lease.held),
      [true, false, false],
    );
  }
  const [first] = actors;
  assert.ok(first);
  farm.kill(first);
  await farm.run(15);
  assert.equal(farm.labels.holder, "a", "not before the lease is over");
  await farm.run(10);
  assert.match(farm.labels.holder, /^[bc]$/);
  assert.ok(!first.steward.lease.held, "the dead one's own time ended before");
  await farm.run(200);
  assert.deepEqual(swarm.counts(service), { "worker-1": 2, "worker-2": 2 });
  assert.equal(farm.scalings, 3);
});

test("a holder that cannot renew stops acting before another may begin", async () => {
  const { swarm } = unevenSwarm(2);
  const farm = await Farm.start(swarm);
  const { steward } = farm.hire("a");
  await farm.run(5);
  farm.pass(9_999);
  assert.ok(steward.lease.held);
  farm.pass(1);
  assert.ok(!steward.lease.held, "ten seconds before the end: one action may take that long");
  await assert.doesNotReject(steward.tick());
  assert.ok(steward.lease.held, "nobody took it meanwhile");
});

test("a holder that was suspended during a takeover stops writing", async () => {
  const { swarm } = unevenSwarm(2);
  const farm = await Farm.start(swarm);
  const sleeper = farm.hire("sleeper");
  await farm.run(5);
  farm.kill(sleeper);
  farm.hire("b");
  await farm.run(40);
  assert.equal(farm.labels.holder, "b");
  await assert.rejects(sleeper.steward.lease.save(sleeper.steward.lease.memory), /'b' holds the lease now/);
  await sleeper.steward.tick();
  assert.equal(farm.labels.holder, "b");
  assert.equal(await count(sleeper, "lease_held"), 0);
});

test("a steward that is handed the lease continues from the holder's last record", async () => {
  const { swarm } = unevenSwarm(2);
  const farm = await Farm.start(swarm);
  const { steward } = farm.hire("a");
  await farm.run(5);
  const heir = farm.hire("heir").steward.lease;
  await heir.attend(true);
  await steward.lease.save({ resting: { x: { until: 9e9, failures: 3 } }, cooling: {} });
  await steward.lease.attend();
  assert.equal(farm.labels.holder, "heir");
  assert.ok(await heir.attend());
  assert.equal(heir.memory.resting.x?.failures, 3);
});

test("a Docker that is away is logged, and again when it is back", async () => {
  const { swarm, service } = unevenSwarm(2);
  const farm = await Farm.start(swarm);
  const { steward, lines } = farm.hire("a");
  await farm.run(10);
  farm.daemon.fault = () => "before";
  await farm.run(30);
  assert.ok(steward.error);
  assert.equal(lines.filter((line) => line.startsWith("failed")).length, 1, lines.join("\n"));
  farm.daemon.fault = () => undefined;
  await farm.run(100);
  assert.equal(steward.error, undefined);
  assert.deepEqual(swarm.counts(service), { "worker-1": 2, "worker-2": 2 });
});
