import { until } from "../../tests/faults/until";
import type { TestFarm } from "../../tests/live/farm";
import { Load } from "../../tests/live/under-load";
import type { Requests } from "./figures";

/** The balancer that is asked is on a node that is never switched off. */
const url = "https://10.77.0.21/hello/";

/** Requests through the load balancer until they are stopped. */
export function load(
  farm: TestFarm,
  { clients, pauseMs }: { readonly clients: number; readonly pauseMs: number },
): Load {
  return Load.start(farm, url, { min: 1, max: 100_000, clients, pauseMs });
}

/** When the first task answered that was not there before. */
export async function firstAnswer(
  what: string,
  requests: Load,
  before: ReadonlyMap<string, string>,
  patienceMs: number,
): Promise<number> {
  const found = () => [...requests.tasks()].find(([task]) => !before.has(task))?.[1];
  await until(what, () => Promise.resolve(found() !== undefined), patienceMs);
  return found() ?? 0;
}

/** What came of a load; why requests failed is said at once. */
export function counted({ sent, failures }: { readonly sent: number; readonly failures: readonly string[] }): Requests {
  for (const failure of failures) process.stderr.write(`failed: ${failure}\n`);
  return { sent, failed: failures.length };
}
