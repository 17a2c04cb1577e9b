import { AsyncLocalStorage } from "node:async_hooks";
import { grouped } from "../../cli/preview/grouped";

/** Where the time of live tests goes: one wait for a program or a condition. */
export interface Wait {
  /** The test, or that it is before the first one. */
  readonly part: string;
  readonly what: string;
  readonly seconds: number;
}

/** Shorter waits are not reported. */
const leastSeconds = 5;

/** Jest loads this file for each file of tests. */
const waits: Wait[] = [];

/** A wait within another is a part of that one. */
const outer = new AsyncLocalStorage<string>();

let presentPart = () => "";

/** Tells how the present test is called; benches have none. */
export function nameParts(name: () => string): void {
  presentPart = name;
}

/** Does a piece of work, and remembers how long the present test waited for it. */
export async function waiting<Value>(what: string, work: () => Promise<Value>): Promise<Value> {
  if (outer.getStore() !== undefined) return work();
  const part = presentPart();
  const began = Date.now();
  try {
    return await outer.run(what, work);
  } finally {
    waits.push({ part, what, seconds: (Date.now() - began) / 1000 });
  }
}

/** The waits of this file's tests so far. */
export function waitsSoFar(): readonly Wait[] {
  return waits;
}

/** Lines for a person: each part in its order, and its waits, the longest first; those for the same thing are one. Work side by side counts twice. */
export function waitLines(all: readonly Wait[]): readonly string[] {
  return [...grouped(all, ({ part }) => part)].flatMap(([part, its]) => {
    const subjects = [...grouped(its, ({ what }) => what)]
      .map(([what, same]) => ({ what, times: same.length, seconds: total(same) }))
      .filter(({ seconds }) => seconds >= leastSeconds)
      .sort((one, other) => other.seconds - one.seconds);
    if (subjects.length === 0) return [];
    const list = subjects.map(
      ({ what, times, seconds }) => `${what} ${times > 1 ? `${String(times)} × ` : ""}${inSeconds(seconds)}`,
    );
    return [`${inSeconds(total(its)).padStart(7)}  ${part}: ${list.join(", ")}`];
  });
}

const inSeconds = (seconds: number) => `${seconds.toFixed(0)} s`;

function total(waits: readonly Wait[]): number {
  return waits.reduce((sum, { seconds }) => sum + seconds, 0);
}
