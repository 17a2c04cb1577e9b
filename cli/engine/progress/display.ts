import type { Reporter } from "../../report/reporter";
import { parseEvent } from "./events";
import { follow } from "./follow";
import { Tracker } from "./tracker";

/** How often the event log is read. */
const readMilliseconds = 200;

/** How often a manager is asked what services wait for. */
const askMilliseconds = 5000;

/** Why services have not converged, by URN. @param services resource names of services, by the URN of the waiting resource */
export type Reasons = (services: ReadonlyMap<string, string>) => Promise<ReadonlyMap<string, string>>;

interface Options {
  readonly reasons: Reasons;
  readonly tracker?: Tracker;
  readonly milliseconds?: number;
}

/**
 * Shows a running update: a line for each slow operation, and on a terminal the present operations. Errors and warnings are shown
 * in full.
 *
 * @param file the event log
 * @param work the update
 * @returns the result of `work`, and the errors that were shown
 */
export async function displayed<T>(
  report: Pick<Reporter, "say" | "transient" | "erase" | "isTerminal">,
  file: string,
  work: () => Promise<T>,
  { reasons, tracker = new Tracker(), milliseconds = readMilliseconds }: Options,
): Promise<{ readonly result: T; readonly errors: readonly string[] }> {
  const read = follow(file);
  let known: ReadonlyMap<string, string> = new Map();
  let askedAt = 0;
  let isAsking = false;
  let shown = "";
  const ask = () => {
    const services = tracker.waitedFor();
    if (isAsking || services.size === 0 || Date.now() - askedAt < askMilliseconds) return;
    isAsking = true;
    reasons(services)
      .then((found) => (known = found))
      // Without an answer of the swarm there is no reason to show.
      .catch(() => (known = new Map()))
      .finally(() => {
        isAsking = false;
        askedAt = Date.now();
      });
  };
  const show = () => {
    const lines = read().flatMap((line) => {
      const event = parseEvent(line);
      return event ? tracker.apply(event) : [];
    });
    lines.push(...tracker.takingLong(known));
    for (const line of lines) report.say(`  ${line}`);
    const current = tracker.current(known);
    if (report.isTerminal && (current !== shown || lines.length > 0)) report.transient(`  ${current}`);
    shown = current;
    ask();
  };
  const timer = setInterval(show, milliseconds);
  try {
    const result = await work();
    show();
    return { result, errors: tracker.errors };
  } finally {
    clearInterval(timer);
    report.erase();
  }
}
