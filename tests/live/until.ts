import { setTimeout as pause } from "node:timers/promises";

const minute = 60_000;

/**
 * Waits for a condition; one that fails does not hold yet: while the swarm has no leader it answers nothing.
 *
 * @param patienceMs Default: a minute
 */
export async function until(what: string, condition: () => Promise<boolean>, patienceMs = minute): Promise<void> {
  const deadline = Date.now() + patienceMs;
  let failure: unknown;
  const holds = () =>
    condition().catch((error: unknown) => {
      failure = error;
      return false;
    });
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`waited ${String(patienceMs / 1000)} s for ${what}`, { cause: failure });
    await pause(1000);
  }
}
