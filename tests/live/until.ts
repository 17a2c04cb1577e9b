import { setTimeout as pause } from "node:timers/promises";
import { waiting } from "./waits";

const minute = 60_000;

/**
 * Waits for a condition, and gives what it gave; one that fails does not hold yet: while the swarm has no leader it
 * answers nothing.
 *
 * @param patienceMs Default: a minute
 */
export function until<Value>(
  what: string,
  condition: () => Promise<Value | false>,
  timeoutMs = minute,
): Promise<Value> {
  return waiting(what, () => poll(what, condition, timeoutMs));
}

async function poll<Value>(what: string, condition: () => Promise<Value | false>, timeoutMs: number): Promise<Value> {
  const deadline = Date.now() + timeoutMs;
  let failure: unknown;
  for (;;) {
    try {
      const value = await condition();
      if (value !== false) return value;
    } catch (error) {
      failure = error;
    }
    if (Date.now() > deadline) throw new Error(`waited ${String(timeoutMs / 1000)} s for ${what}`, { cause: failure });
    await pause(1000);
  }
}
