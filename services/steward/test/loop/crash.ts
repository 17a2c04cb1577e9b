import assert from "node:assert/strict";
import { test } from "node:test";
import { type Actor, Farm } from "../farm.ts";
import { unevenSwarm } from "../world.ts";

type Broken = "before" | "after";

/** Runs a farm in which the nth write of the first steward fails so, and then possibly kills it. */
async function runWithFault(nth: number, broken: Broken, kills: boolean): Promise<{ farm: Farm; hit: boolean }> {
  const { swarm, service } = unevenSwarm(2);
  const farm = await Farm.start(swarm, { QUIET_SECONDS: "10" });
  const first: Actor = farm.hire("first");
  let writes = 0;
  let hit = false;
  farm.daemon.fault = (method) => {
    if (method !== "POST" || ++writes !== nth || hit) return undefined;
    hit = true;
    if (kills) farm.kill(first);
    return broken;
  };
  await farm.run(60, () => hit);
  if (hit && kills) farm.hire("second", 5_000_000);
  await farm.run(120);
  const where = `write ${nth}, ${broken}, ${kills ? "killed" : "alive"}`;
  assert.deepEqual(swarm.counts(service), { "worker-1": 2, "worker-2": 2 }, where);
  assert.equal(service.spec.Mode.Replicated?.Replicas, 4, where);
  assert.doesNotMatch(farm.labels.memory ?? "", /"move"/, where);
  return { farm, hit };
}

for (const kills of [true, false]) {
  for (const broken of ["before", "after"] as const) {
    const what = kills ? "killed" : "cut off";
    test(`a steward that is ${what} ${broken} any of its writes leaves what can be finished`, async () => {
      let nth = 1;
      while ((await runWithFault(nth, broken, kills)).hit) nth++;
      assert.ok(nth > 8, `only ${nth} writes`);
    });
  }
}

test("a steward that is told to end leaves its move to the next, which need not wait", async () => {
  const { swarm, service } = unevenSwarm(2);
  const farm = await Farm.start(swarm);
  const first = farm.hire("first");
  await farm.run(65, () => farm.scalings === 1);
  const stop = new AbortController();
  stop.abort();
  await first.steward.run(stop.signal);
  farm.kill(first);
  assert.equal(farm.labels.holder, "");
  farm.hire("second");
  await farm.run(20);
  assert.deepEqual(swarm.counts(service), { "worker-1": 2, "worker-2": 2 });
});
