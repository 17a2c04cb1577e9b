import { setTimeout as pause } from "node:timers/promises";
import { FarmLogs } from "./farm-logs";
import { messagesOf, type Lines } from "./lines";
import { print } from "./printing";
import { difference, lagSeconds, type Count, type Difference } from "./stored";

const tag = "bench.1.x7k";

/** Lines before a load: a task that prints already is looked at ten times a second. Bursts of quiet ones are measured apart. */
const prelude = { rate: 500, seconds: 2 } as const;
const preludeLines = prelude.rate * prelude.seconds;

/**
 * Time in ms without a new line in the store after which no more come: the sender looks at its file every 10 s at most, and tries to
 * reach a store that was away every minute at most.
 */
const stillMs = { present: 15_000, away: 75_000 } as const;

/** A load: bounded by both. */
export interface Load {
  readonly lines: Lines;
  /** Lines a second. */
  readonly rate: number;
  readonly seconds: number;
}

/** The result of a load. */
export interface Figure extends Difference {
  readonly printed: number;
  /** Lines a second that were printed: fewer than requested where the machine is busy. */
  readonly rate: number;
  /** Lines a second that the store took, until it had the last one. */
  readonly takenRate: number;
  readonly longestLag: number;
  /** Seconds from the last line until a search finds all that is not lost. */
  readonly foundAfter: number;
  /** Seconds from the store's return until it had taken all that had been printed by then; NaN where it was not away. */
  readonly caughtUpAfter: number;
  /** Seconds of CPU for a million lines that were stored. */
  readonly senderCpu: number;
  readonly storeCpu: number;
  /** The highest, in MiB. */
  readonly senderMemory: number;
  readonly storeMemory: number;
  readonly diskBytesPerLine: number;
}

/** How a load goes on. */
export interface Course {
  /** Seconds from the beginning of the load in which the store is away. Default: none */
  readonly awaySeconds?: number;
}

/** Puts a load on new programs, and waits until the store has what it will get. */
export async function measure(load: Load, { awaySeconds = 0 }: Course = {}): Promise<Figure> {
  const messages = messagesOf(load.lines, preludeLines + load.rate * load.seconds);
  const logs = await FarmLogs.started();
  const ending = new AbortController();
  let printing: Promise<unknown> = Promise.resolve();
  try {
    const container = logs.container(tag);
    logs.startSender();
    const printed = await print(container, messages.slice(0, preludeLines), prelude);
    const rest = messages.slice(preludeLines);
    if (awaySeconds > 0) await logs.stopStore();
    const [before, emptyBytes] = [logs.usage(), logs.diskBytes()];
    const counts: Count[] = [];
    const memory = { sender: 0, store: 0 };
    const state = { isPrinting: true, isAway: awaySeconds > 0 };
    const watch = async () => {
      const { sender, store } = logs.usage();
      memory.sender = Math.max(memory.sender, sender.memoryMiB);
      memory.store = Math.max(memory.store, store.memoryMiB);
      if (!state.isAway) counts.push({ at: performance.now(), lines: await logs.taken() });
    };
    const { rate } = load;
    const { signal } = ending;
    printing = print(container, rest, { rate, printed, signal }).finally(() => (state.isPrinting = false));
    const started = performance.now();
    let backAt = started;
    const comeBack = async () => {
      await pause(awaySeconds * 1000);
      await logs.startStore();
      backAt = performance.now();
      state.isAway = false;
    };
    const coming = awaySeconds > 0 ? comeBack() : Promise.resolve();
    while (state.isPrinting || state.isAway) {
      await watch();
      await pause(250);
    }
    await coming;
    await printing;
    container.close();
    const last = printed.at(-1) ?? { at: started, lines: preludeLines };
    const still = awaySeconds > 0 ? stillMs.away : stillMs.present;
    while ((counts.at(-1)?.lines ?? 0) < last.lines && !isStill(counts, still)) {
      await watch();
      await pause(250);
    }
    const after = logs.usage();
    let foundAt = performance.now();
    for (let found = 0; found < (counts.at(-1)?.lines ?? 0); foundAt = performance.now()) {
      if (performance.now() - foundAt > 60_000) break;
      found = await logs.found(tag);
      await pause(100);
    }
    const differs = difference(last.lines, await logs.buckets(tag));
    const lines = last.lines - preludeLines - differs.lost;
    await logs.stopStore();
    const seconds = (last.at - started) / 1000;
    const final = counts.at(-1)?.lines ?? 0;
    const finalAt = counts.find((count) => count.lines === final)?.at ?? NaN;
    return {
      ...differs,
      printed: last.lines,
      rate: (last.lines - preludeLines) / seconds,
      takenRate: ((final - preludeLines) / (finalAt - started)) * 1000,
      longestLag: Math.max(...counts.map((count) => lagSeconds(printed, count))),
      foundAfter: (foundAt - last.at) / 1000,
      caughtUpAfter: awaySeconds > 0 ? (caughtUpAt(printed, counts, backAt) - backAt) / 1000 : NaN,
      senderCpu: ((after.sender.cpuSeconds - before.sender.cpuSeconds) / lines) * 1e6,
      storeCpu: ((after.store.cpuSeconds - before.store.cpuSeconds) / lines) * 1e6,
      senderMemory: memory.sender,
      storeMemory: memory.store,
      diskBytesPerLine: (logs.diskBytes() - emptyBytes) / lines,
    };
  } finally {
    ending.abort();
    await printing;
    await logs.end();
  }
}

/** When all was taken that had been printed at a time. */
function caughtUpAt(printed: readonly Count[], taken: readonly Count[], time: number): number {
  const lines = printed.findLast(({ at }) => at <= time)?.lines ?? 0;
  return taken.find((count) => count.lines >= lines)?.at ?? Infinity;
}

/** Whether the last counts were all the same for so long. */
function isStill(counts: readonly Count[], ms: number): boolean {
  const last = counts.at(-1);
  const first = counts.find(({ lines }) => lines === last?.lines);
  return last !== undefined && first !== undefined && last.at - first.at > ms;
}
