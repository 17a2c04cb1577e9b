import type { TestFarm } from "../../tests/live/farm";
import { addresses, replicas } from "./farms";
import type { StewardFigures } from "./figures";
import { counted, firstAnswer, load } from "./requests";
import { events, helloHas, minute, runningTasks } from "./swarm";

/** Target load of each task, in requests per second. */
export const target = 1;

/** One task more and no more: each that starts takes time from the others. */
const policy = { min: replicas, max: replicas + 1, metric: "requests", target, upCooldownSeconds: 15 };

const label = "swarm-farm.autoscale";

/** Load comes at once where there was none; the same growth by hand, under the same load, is what Swarm itself takes. */
export async function loadStep(farm: TestFarm): Promise<StewardFigures["step"]> {
  const change = (...args: string[]) => farm.docker("service", "update", "--detach", ...args, "hello");
  const swarmEvents = await events(farm);
  await change("--label-add", `${label}=${JSON.stringify(policy)}`);
  const before = await runningTasks(farm);
  const loadedAt = Date.now();
  const requests = load(farm, addresses.worker1 ?? "", { clients: 4, pauseMs: 200 });
  try {
    const requested = await swarmEvents.first(
      "the steward to ask for one task more",
      helloHas(replicas + 1),
      loadedAt,
      5 * minute,
    );
    const serving = await firstAnswer("the added task to answer", requests, before, 5 * minute);
    await change("--label-rm", label);
    const scaled = await runningTasks(farm);
    const byHand = Date.now();
    await farm.docker("service", "scale", "--detach", `hello=${replicas + 2}`);
    const known = new Map([...before, ...scaled]);
    const servingByHand = await firstAnswer("the task added by hand to answer", requests, known, 5 * minute);
    const result = await requests.stop();
    return {
      requested: requested - loadedAt,
      serving: serving - loadedAt,
      byHand: servingByHand - byHand,
      requestsPerSecond: result.sent / result.seconds,
      requests: counted(result),
    };
  } finally {
    swarmEvents.stop();
    await requests.stop();
    await change("--label-rm", label, "--replicas", String(replicas));
  }
}
