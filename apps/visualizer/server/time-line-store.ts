import { setTimeout as sleep } from "node:timers/promises";
import * as z from "zod";
import type { NewLine } from "./activity.ts";
import { reasonOf } from "./docker/logs.ts";
import type { Hub } from "./hub.ts";

/**
 * The time line outlives this server in the farm's log: each line is printed, and those of earlier servers are read back from the
 * VictoriaLogs that has stored them.
 */

const mark = "time-line ";
/** The name in the swarm of the service that prints them, before slot and id of a task. */
const task = "visualizer.";
const daysBack = 7;
const answerMs = 10_000;
/** The store may start after this server. */
const pauseMs = 15_000;
/** The time until a line that was printed is stored. */
const storedMs = 20_000;
/** Two servers that watch during an update see an event at two times. */
const sameMs = 10_000;

const Name = z.string().max(500);
const Subject = z.object({ kind: z.enum(["node", "service", "task", "alert"]), id: Name, name: Name });

const Line = z.object({
  at: z.number(),
  level: z.enum(["plain", "good", "warn", "bad"]),
  subject: Subject,
  verb: Name,
  on: Subject.optional(),
  service: Name.optional(),
  detail: z.string().optional(),
});

/** A line of the time line as text for this server's output. */
export function printedLine({ at, level, subject, verb, on, service, detail }: NewLine): string {
  return mark + JSON.stringify({ at, level, subject, verb, on, service, detail });
}

/** The line in an entry of the store; undefined if it is none, or of a server that wrote others. */
export function lineIn(entry: string): NewLine | undefined {
  try {
    const { _msg: message } = z.object({ _msg: z.string() }).parse(JSON.parse(entry));
    const { on, service, detail, ...line } = Line.parse(JSON.parse(message.slice(mark.length)));
    return {
      ...line,
      ...(on && { on }),
      ...(service !== undefined && { service }),
      ...(detail !== undefined && { detail }),
    };
  } catch {
    return undefined;
  }
}

/** Gives the hub the newest lines from before it saw the cluster, as soon as the store has and answers them. */
export async function recall(
  store: string,
  hub: Hub,
  { waitMs = storedMs, atMost, log, signal }: Options,
): Promise<void> {
  let problem = "";
  for (let wait = waitMs; ; wait = pauseMs) {
    try {
      await sleep(wait, undefined, { signal });
    } catch {
      return;
    }
    try {
      hub.recall(await earlierLines(store, { before: hub.seenSince ?? Date.now(), atMost, signal }));
      return;
    } catch (error) {
      if (signal.aborted) return;
      const now = `earlier lines of the time line cannot be read: ${reasonOf(error)}`;
      if (now !== problem) log(now);
      problem = now;
    }
  }
}

interface Options {
  /** The most lines. */
  readonly atMost: number;
  readonly signal: AbortSignal;
  readonly log: (message: string) => void;
  /** The time before the store is asked. Default: until it has what was printed last. */
  readonly waitMs?: number;
}

async function earlierLines(
  store: string,
  { before, atMost, signal }: Pick<Options, "atMost" | "signal"> & { readonly before: number },
): Promise<readonly NewLine[]> {
  const query = `attrs.tag:="${task}"* _msg:="${mark}"* | sort by (_time) desc limit ${atMost} | fields _msg`;
  const since = before - daysBack * 24 * 3600 * 1000;
  const body = new URLSearchParams({ query, start: timeOf(since), end: timeOf(before) });
  const limit = AbortSignal.any([signal, AbortSignal.timeout(answerMs)]);
  const answer = await fetch(`${store}/select/logsql/query`, { method: "POST", body, signal: limit });
  if (!answer.ok) throw new Error(`the store answers ${answer.status}`);
  const lines = (await answer.text()).split("\n").flatMap((entry) => lineIn(entry) ?? []);
  return withoutTwins(lines.sort((a, b) => a.at - b.at));
}

function withoutTwins(lines: readonly NewLine[]): readonly NewLine[] {
  const last = new Map<string, number>();
  return lines.filter(({ at, ...event }) => {
    const key = JSON.stringify(event);
    const before = last.get(key) ?? -Infinity;
    last.set(key, at);
    return at - before > sameMs;
  });
}

const timeOf = (milliseconds: number): string => new Date(milliseconds).toISOString();
