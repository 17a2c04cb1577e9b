import { askSwarm, type SwarmFacts } from "../convergence/swarm";
import type { Context } from "../context/context";
import { hasNodes } from "../nodes/ssh";

/** A question to a manager that is put before its answer is needed. */
export interface Early {
  /** When it was put, in milliseconds since 1970. */
  readonly at: number;
  /** Rejects if no manager answers soon. */
  readonly answer: Promise<SwarmFacts>;
}

/** A manager that takes longer is asked again later, with all the time that it may need. */
const soonMilliseconds = 10_000;

/**
 * Asks a manager, since most often all VMs run; undefined before the first `up`.
 *
 * @param signal ends the question when nobody waits for it any more
 */
export function askEarly(farm: Pick<Context, "stack" | "folders">, signal: AbortSignal): Early | undefined {
  if (!hasNodes(farm)) return undefined;
  const answer = askSwarm(farm, AbortSignal.any([signal, AbortSignal.timeout(soonMilliseconds)]));
  // Also where nobody comes to wait.
  answer.catch(() => undefined);
  return { at: Date.now(), answer };
}
