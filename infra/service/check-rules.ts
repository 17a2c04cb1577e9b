import type { Problem } from "../config/problem";

/** Whether a value is allowed, and what would be. */
export interface Rule {
  readonly holds: boolean;
  readonly allowed: string;
}

/** The problem of a value that is not allowed. */
export function must(path: string, value: string | number, { holds, allowed }: Rule): Problem[] {
  return holds ? [] : [{ path, message: `is '${String(value)}'; allowed: ${allowed}` }];
}

/** A whole number that JSON keeps to its last digit; nothing is wrong with none. */
export function whole(path: string, value: number | undefined, least = 0): Problem[] {
  if (value === undefined) return [];
  const most = Number.MAX_SAFE_INTEGER;
  return must(path, value, {
    holds: Number.isSafeInteger(value) && value >= least,
    allowed: value > most ? `at most ${String(most)}` : `a whole number of at least ${String(least)}`,
  });
}
