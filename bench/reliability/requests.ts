import { until } from "../../tests/live/until";
import type { TestFarm } from "../../tests/live/farm";
import { Load } from "../../tests/live/under-load";
import type { Requests } from "./figures";

interface Pace {
  readonly clients: number;
  /** Between two requests of a client. */
  readonly pauseMs: number;
}

/** As much as shows what fails, and leaves emulated nodes the time to tell each other that they live. */
const gentle: Pace = { clients: 2, pauseMs: 500 };

/** Requests for hello through the load balancer of one node, until they are stopped. */
export function load(farm: TestFarm, address: string, pace: Pace = gentle): Load {
  return Load.start(farm, `https://${address}/hello/`, { min: 1, max: 100_000, ...pace });
}

/** When the first task answered that was not there before. */
export async function firstAnswer(
  what: string,
  requests: Load,
  before: ReadonlyMap<string, string>,
  timeoutMs: number,
): Promise<number> {
  const found = () => [...requests.tasks()].find(([task]) => !before.has(task))?.[1];
  await until(what, () => Promise.resolve(found() !== undefined), timeoutMs);
  return found() ?? 0;
}

/** Result of a load; the reason of a failed request is printed at once. */
export function counted({ sent, failures }: { readonly sent: number; readonly failures: readonly string[] }): Requests {
  for (const failure of failures) process.stderr.write(`failed: ${failure}\n`);
  return { sent, failed: failures.length };
}
