import { setTimeout } from "node:timers/promises";

/** Time as the steward knows it; tests turn it by hand. */
export interface Clock {
  /** Milliseconds that never go backwards, from an unknown origin: of no meaning to another process. */
  readonly now: () => number;
  /** Returns early when `signal` aborts. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/** This machine's monotonic clock. */
export const systemClock: Clock = {
  now: () => performance.now(),
  sleep: async (ms, signal) => {
    await setTimeout(ms, undefined, signal && { signal }).catch(() => undefined);
  },
};
