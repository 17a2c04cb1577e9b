import { setTimeout as sleep } from "node:timers/promises";
import type { Alert } from "../shared/model.ts";
import { firingIn } from "./alerts.ts";
import { reasonOf } from "./docker/logs.ts";
import type { Hub } from "./hub.ts";

/** A rule is evaluated once a minute. */
const pauseMs = 15_000;
const answerMs = 5_000;

/** Keeps the hub's alerts true until `signal` aborts. */
export async function watchAlerts(prometheus: string, hub: Hub, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await readAlerts(prometheus, hub, signal);
    await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
  }
}

/** Asks Prometheus once. If it does not answer, the alerts of its last answer stay, with the reason. */
export async function readAlerts(prometheus: string, hub: Hub, signal: AbortSignal): Promise<void> {
  const answer = await request(prometheus, AbortSignal.any([signal, AbortSignal.timeout(answerMs)]));
  if (signal.aborted) return;
  hub.setAlerts(typeof answer === "string" ? { ...hub.alerts, problem: answer } : { firing: answer });
}

async function request(prometheus: string, signal: AbortSignal): Promise<readonly Alert[] | string> {
  let answer: Response;
  try {
    answer = await fetch(`${prometheus}/api/v1/alerts`, { signal });
  } catch (error) {
    return `Prometheus does not answer: ${reasonOf(error)}`;
  }
  if (!answer.ok) return `Prometheus answers ${answer.status}`;
  try {
    return firingIn(await answer.json());
  } catch {
    return "Prometheus answers something else than alerts";
  }
}
