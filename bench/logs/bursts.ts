import { setTimeout as pause } from "node:timers/promises";
import { FarmLogs } from "./farm-logs";
import { messagesOf, short } from "./lines";
import { print } from "./printing";
import { difference } from "./stored";

/** Longer than it takes a sender to look at a file as seldom as it does: after waits that double from 0.1 to 10 s. */
const quietSeconds = 25;
/** The longest wait, and some more. */
const burstSeconds = 12;
/** Lines a second, of 120 bytes. */
const rates = [4000, 8000, 16_000, 32_000] as const;

/** Lines lost of bursts by tasks that were quiet, one after the other, by their rates. */
export async function bursts(): Promise<ReadonlyMap<number, { readonly printed: number; readonly lost: number }>> {
  const logs = await FarmLogs.started();
  try {
    const tasks = rates.map((rate) => ({ rate, log: logs.container(`bench-${String(rate)}.1.x7k`) }));
    for (const { log } of tasks) log.print(["quiet"]);
    logs.startSender();
    await pause(quietSeconds * 1000);
    const printed = new Map<number, number>();
    for (const { rate, log } of tasks) {
      const counts = await print(log, messagesOf(short, rate * burstSeconds), { rate });
      printed.set(rate, counts.at(-1)?.lines ?? 0);
      log.close();
    }
    // It looks once more, and the store takes the rest.
    await pause(15_000);
    const figures = new Map<number, { printed: number; lost: number }>();
    for (const { rate, log } of tasks) {
      const lines = printed.get(rate) ?? 0;
      figures.set(rate, { printed: lines, lost: difference(lines, await logs.buckets(log.tag)).lost });
    }
    return figures;
  } finally {
    await logs.end();
  }
}
