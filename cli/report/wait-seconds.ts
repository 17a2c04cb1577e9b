import type { Context } from "../context";

/** A VM boots under software emulation, among others, and its Docker finds the swarm. */
const bootSeconds = 600;

/** For how long a farm may take to converge: FARM_WAIT_SECONDS, else 600. */
export function waitSeconds({ environment }: Pick<Context, "environment">): number {
  const set = environment.FARM_WAIT_SECONDS ?? "";
  return set === "" ? bootSeconds : Number(set);
}
