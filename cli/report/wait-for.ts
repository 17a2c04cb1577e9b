import { setTimeout as sleep } from "node:timers/promises";
import { FarmError } from "../base/errors";

/**
 * Waits until a condition holds.
 *
 * @param what completes "waited 30 s for …"
 * @param holds called again 200 ms after each result
 * @throws FarmError after the timeout
 */
export async function waitFor(
  seconds: number,
  what: string,
  holds: () => boolean | Promise<boolean>,
  pauseMilliseconds = 200,
): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  while (!(await holds())) {
    if (Date.now() >= deadline) throw new FarmError(`waited ${String(seconds)} s for ${what}`);
    await sleep(pauseMilliseconds);
  }
}
