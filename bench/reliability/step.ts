import { setTimeout as pause } from "node:timers/promises";
import { until } from "../../tests/live/until";
import type { TestFarm } from "../../tests/live/farm";
import type { Load } from "../../tests/live/under-load";
import { addresses, replicas } from "./farms";
import type { StewardFigures } from "./figures";
import { counted, firstAnswer, load } from "./requests";
import { events, helloHas, minute, runningTasks, settled } from "./swarm";

/** What each task is to bear, in requests per second. */
export const target = 1;

/** One task more and no more: each that starts takes time from the others. */
const policy = { min: replicas, max: replicas + 1, metric: "requests", target, upCooldownSeconds: 15 };

const label = "swarm-farm.autoscale";

/** Of the load the steward sees the mean of a minute, from readings every 10 s: after so long it has forgotten the last one. */
const forgottenMs = 80_000;

/** Load comes at once where there was none; the same growth by hand, under the same load, is what Swarm itself takes. */
export async function loadStep(farm: TestFarm): Promise<StewardFigures["step"]> {
  const byHand = await scaledByHand(farm);
  await pause(forgottenMs);
  const byItself = await scaledByItself(farm);
  return {
    ...byItself,
    byHand: byHand.serving,
    requests: {
      sent: byHand.requests.sent + byItself.requests.sent,
      failed: byHand.requests.failed + byItself.requests.failed,
    },
  };
}

/** What was asked for is taken back, and the farm comes to rest. */
async function asBefore(farm: TestFarm): Promise<void> {
  await change(farm, "--label-rm", label, "--replicas", String(replicas));
  await settled(farm);
}

async function change(farm: TestFarm, ...args: readonly string[]): Promise<void> {
  await farm.docker("service", "update", "--detach", ...args, "hello");
}

function comes(farm: TestFarm): Load {
  return load(farm, addresses.worker1 ?? "", { clients: 4, pauseMs: 200 });
}

/** A person asks for one task more, once every task there is has answered. */
async function scaledByHand(farm: TestFarm) {
  const requests = comes(farm);
  try {
    const before = await runningTasks(farm);
    await until("every task to answer", () => Promise.resolve(requests.tasks().size >= replicas), 2 * minute);
    const asked = Date.now();
    await farm.docker("service", "scale", "--detach", `hello=${replicas + 1}`);
    const served = await firstAnswer("the task added by hand to answer", requests, before, 5 * minute);
    return { serving: served - asked, requests: counted(await requests.stop()) };
  } finally {
    await requests.stop();
    await asBefore(farm);
  }
}

/** The steward asks for it. */
async function scaledByItself(farm: TestFarm) {
  const told = await events(farm);
  await change(farm, "--label-add", `${label}=${JSON.stringify(policy)}`);
  const before = await runningTasks(farm);
  const came = Date.now();
  const requests = comes(farm);
  try {
    const asked = await told.first("the steward to ask for one task more", helloHas(replicas + 1), came, 5 * minute);
    const serving = await firstAnswer("the added task to answer", requests, before, 5 * minute);
    const result = await requests.stop();
    return {
      asked: asked - came,
      serving: serving - came,
      requestsPerSecond: result.sent / result.seconds,
      requests: counted(result),
    };
  } finally {
    told.stop();
    await requests.stop();
    await asBefore(farm);
  }
}
