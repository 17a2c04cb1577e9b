import type { Context } from "./context";

/** A VM boots under software emulation, among others, and its Docker finds the swarm. */
const bootSeconds = 600;

/** How long a wait may take: FARM_WAIT_SECONDS, else its own time. Default: 600, in which a farm converges. */
export function waitSeconds({ environment }: Pick<Context, "environment">, own = bootSeconds): number {
  const set = environment.FARM_WAIT_SECONDS ?? "";
  return set === "" ? own : Number(set);
}
