import { setTimeout as pause } from "node:timers/promises";

const minute = 60_000;

/** Waits for at most a minute; while the swarm has no leader it answers nothing. */
export async function until(what: string, condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + minute;
  while (!(await condition().catch(() => false))) {
    if (Date.now() > deadline) throw new Error(`waited a minute for ${what}`);
    await pause(1000);
  }
}
