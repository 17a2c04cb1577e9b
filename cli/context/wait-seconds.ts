import type { Context } from "./context";

/** Time for a VM to boot on a busy emulated CPU, and for its node to be ready. */
const bootSeconds = 600;

/** The timeout of a wait: FARM_WAIT_SECONDS, else its own. Default: 600, enough for a farm to converge. */
export function waitSeconds({ environment }: Pick<Context, "environment">, own = bootSeconds): number {
  const set = environment.FARM_WAIT_SECONDS ?? "";
  return set === "" ? own : Number(set);
}
