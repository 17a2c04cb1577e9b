import assert from "node:assert/strict";
import { test } from "node:test";
import { type Actor, Farm } from "../farm.ts";
import { unevenSwarm } from "../world.ts";

type Broken = "before" | "after";

/** Runs a farm in which the nth write of the first steward fails so, and then possibly kills it; whether there was such a write. */
async function runWithFault(nth: number, broken: Broken, kills: boolean): Promise<boolean> {
  const { swarm, service } = unevenSwarm(2);
  const farm = await Farm.start(swarm, { QUIET_SECONDS: "5", LEASE_SECONDS: "20" });
  const first: Actor = farm.hire("first");
  const fault = { writes: 0, hit: false };
  farm.daemon.fault = (method) => {
    if (method !== "POST" || ++fault.writes !== nth) return undefined;
    fault.hit = true;
    if (kills) farm.kill(first);
    return broken;
  };
  await farm.run(60, () => fault.hit);
  // Its clock is another machine's.
  if (fault.hit && kills) farm.hire("second", 5_000_000);
  const settled = (): boolean =>
    !farm.labels.memory?.includes('"move"') && Object.values(swarm.counts(service)).join() === "2,2";
  await farm.run(120, settled);
  const where = `write ${nth}, ${broken}, ${kills ? "killed" : "alive"}`;
  assert.deepEqual(swarm.counts(service), { "worker-1": 2, "worker-2": 2 }, where);
  assert.equal(service.spec.Mode.Replicated?.Replicas, 4, where);
  assert.doesNotMatch(farm.labels.memory ?? "", /"move"/, where);
  return fault.hit;
}

for (const kills of [true, false]) {
  for (const broken of ["before", "after"] as const) {
    const what = kills ? "killed" : "cut off";
    test(`a steward that is ${what} ${broken} any of its writes leaves what can be finished`, async () => {
      let nth = 1;
      while (await runWithFault(nth, broken, kills)) nth++;
      assert.ok(nth > 8, `only ${nth} writes`);
    });
  }
}

test("a steward that gets SIGTERM leaves its move to the next, which need not wait", async () => {
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
