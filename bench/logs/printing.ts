import { setTimeout as pause } from "node:timers/promises";
import type { DockerLog } from "./docker-log";
import type { Count } from "./stored";

const tickMs = 20;

/** How lines are printed. */
interface Printing {
  /** Lines a second. */
  readonly rate: number;
  /** The numbers of lines so far, to which these are added. Default: none */
  readonly printed?: Count[];
  /** Ends it early. Default: never. */
  readonly signal?: AbortSignal;
}

/**
 * Prints messages at a rate, and gives how many there were when. A tick that is late prints what it missed, half a second's lines at most;
 * it ends after twice its time.
 */
export async function print(
  log: DockerLog,
  messages: readonly string[],
  { rate, printed = [], signal }: Printing,
): Promise<Count[]> {
  const from = printed.at(-1)?.lines ?? 0;
  const started = performance.now();
  const elapsed = () => (performance.now() - started) / 1000;
  let number = 0;
  while (signal?.aborted !== true && number < messages.length && elapsed() < (2 * messages.length) / rate) {
    const due = Math.min(messages.length, Math.ceil(rate * elapsed())) - number;
    const count = Math.max(0, Math.min(due, Math.ceil(rate / 2)));
    log.print(messages.slice(number, number + count));
    number += count;
    printed.push({ at: performance.now(), lines: from + number });
    await pause(tickMs);
  }
  return printed;
}
