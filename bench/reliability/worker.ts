import { setTimeout as pause } from "node:timers/promises";
import { until } from "../../tests/live/until";
import type { TestFarm } from "../../tests/live/farm";
import { addresses, replicas } from "./farms";
import type { StewardFigures } from "./figures";
import { counted, firstAnswer, load } from "./requests";
import { events, helloHas, isSpread, minute, nodeIs, runningTasks } from "./swarm";

const worker = "worker2";

/** Whose load balancer is asked: it stays. */
const { worker1: survivor = "" } = addresses;

/** A worker is switched off under load. */
export async function workerLost(farm: TestFarm): Promise<StewardFigures["lost"]> {
  const swarmEvents = await events(farm);
  const requests = load(farm, survivor);
  try {
    await until("every task to answer", () => Promise.resolve(requests.tasks().size >= replicas), 2 * minute);
    const before = await runningTasks(farm);
    const off = Date.now();
    await farm.virsh("destroy", `${farm.stack}.${worker}`);
    const down = await swarmEvents.first(`${worker} to be called down`, nodeIs(worker, "down"), off, 5 * minute);
    const serving = await firstAnswer("a task in place of the lost one to answer", requests, before, 5 * minute);
    // Requests that are under way have the time to fail.
    await pause(10_000);
    return { down: down - off, serving: serving - off, requests: counted(await requests.stop()) };
  } finally {
    swarmEvents.stop();
    await requests.stop();
  }
}

/** It is switched on again. */
export async function workerBack(farm: TestFarm): Promise<StewardFigures["back"]> {
  const swarmEvents = await events(farm);
  const requests = load(farm, survivor);
  try {
    const before = await runningTasks(farm);
    const on = Date.now();
    await farm.virsh("start", `${farm.stack}.${worker}`);
    const ready = await swarmEvents.first(`${worker} to be ready`, nodeIs(worker, "ready"), on, 10 * minute);
    // The steward begins a move by asking for one task more: until then it is Swarm alone.
    let alone = before;
    let begun: number | undefined;
    const begins = async () => {
      const now = await runningTasks(farm);
      begun = swarmEvents.at(helloHas(replicas + 1), ready);
      if (begun === undefined) alone = now;
      return begun !== undefined;
    };
    await until("the steward to begin", begins, 5 * minute);
    await until("balance", () => isSpread(farm), 10 * minute);
    const balanced = Date.now();
    return {
      ready: ready - on,
      begun: (begun ?? balanced) - ready,
      balanced: balanced - ready,
      movedBySwarm: [...alone.keys()].filter((task) => !before.has(task)).length,
      requests: counted(await requests.stop()),
    };
  } finally {
    swarmEvents.stop();
    await requests.stop();
  }
}
