import * as z from "zod";

/*
 * State that must survive a steward. Times are "until" on the holder's own monotonic clock; they are kept as the rest of
 * them, so no two machines' clocks are ever compared. A successor counts the same remainder from its own take-over: a
 * wait gets longer by the time in which nobody held the lease, never shorter.
 */

const ms = z.number();

const moveShape = z.object({
  serviceId: z.string(),
  service: z.string(),
  /** The count to come back to. */
  from: z.int().min(0),
  /** The count while old and new tasks run side by side. */
  to: z.int().min(0),
  /** The skew that the move is to lower. */
  skew: z.number(),
  /** `probe`: one new task is being started; `up`: all of them; `back`: the count is being restored. */
  phase: z.enum(["probe", "up", "back"]),
  /** Why the new tasks are given up, if they are. */
  failure: z.string().optional(),
  /** End of the wait of this phase. */
  until: ms,
});

const memoryShape = z.object({
  move: moveShape.optional(),
  /** By service id: no move until then, after so many that failed. */
  resting: z.record(z.string(), z.object({ until: ms, failures: z.int().min(1) })),
  /** By service id: no scaling in that direction until then. */
  cooling: z.record(z.string(), z.object({ up: ms, down: ms })),
});

/** A move that has begun. */
export type Move = Readonly<z.output<typeof moveShape>>;
/** All that a steward knows and a snapshot does not contain. */
export type Memory = Readonly<z.output<typeof memoryShape>>;

/** Failures are forgotten this long after the rest they led to. */
const forgetMs = 3_600_000;

/** Nothing to remember. */
export const emptyMemory: Memory = { resting: {}, cooling: {} };

const mapValues = <T, R>(record: Readonly<Record<string, T>>, change: (value: T) => R): Record<string, R> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));

const keep = <T>(record: Readonly<Record<string, T>>, isKept: (value: T) => boolean): Record<string, T> =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => isKept(value)));

function shift({ move, resting, cooling }: Memory, by: number): Memory {
  const moved = (until: number): number => Math.round(until + by);
  return {
    ...(move && { move: { ...move, until: moved(move.until) } }),
    resting: mapValues(resting, (rest) => ({ ...rest, until: moved(rest.until) })),
    cooling: mapValues(cooling, ({ up, down }) => ({ up: moved(up), down: moved(down) })),
  };
}

/** Without what is over. */
export const prune = (memory: Memory, now: number): Memory => ({
  ...memory,
  resting: keep(memory.resting, ({ until }) => until + forgetMs > now),
  cooling: keep(memory.cooling, ({ up, down }) => Math.max(up, down) > now),
});

/** The memory as a label's text. */
export const encode = (memory: Memory, now: number): string => JSON.stringify(shift(prune(memory, now), -now));

/** The memory out of a label's text; `undefined` when that is no such text. */
export function decode(text: string, now: number): Memory | undefined {
  try {
    return shift(memoryShape.parse(JSON.parse(text)), now);
  } catch {
    return undefined;
  }
}
