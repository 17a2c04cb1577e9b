import type { Policy } from "./policy.ts";

/** Loads this close to what the replicas are to bear (1 = exactly) change nothing. */
const deadBand = 0.1;
/** A longer time without a reading is no evidence of low load: the window starts again. */
const gapMs = 30_000;

/** Input of a policy. */
export interface Situation {
  readonly service: string;
  /** Replicas in the service's spec. */
  readonly replicas: number;
  /** Load of the whole service in units of the target: cores or requests per second; or why there is none. */
  readonly load: number | { readonly missing: string };
  /** Swarm's errors of tasks it cannot place; empty: there are none. */
  readonly pending: readonly string[];
  /** Why it must be left alone now, if it must. */
  readonly busy: string | undefined;
  /** Until when no growth, no shrinking; monotonic ms. */
  readonly cooling: { readonly up: number; readonly down: number };
}

/** The replicas that the load called for at one time. */
export interface Recommendation {
  readonly at: number;
  readonly replicas: number;
}

/** Action for a service. `held`: the reason why it has not the replicas that the load requires. */
export interface Verdict {
  readonly replicas: number;
  readonly held: "busy" | "no-data" | "pending" | "cooldown" | "window" | undefined;
  readonly reason: string;
  /** The window for the next decision. */
  readonly recommendations: readonly Recommendation[];
}

const clamp = (value: number, { min, max }: Policy): number => Math.min(max, Math.max(min, value));

/** Replicas that the load requires, between min and max; unchanged within the dead band. */
export function recommend(load: number, replicas: number, policy: Policy): number {
  const ratio = load / (replicas * policy.target);
  // A hair above a whole number is the whole number: sums of floats are not exact.
  const called = Math.abs(ratio - 1) <= deadBand ? replicas : Math.ceil(load / policy.target - 1e-9);
  return clamp(called, policy);
}

/** The recommendations of the window, one of them at least as old as it: that one shows that the window is covered. */
function recent(recommendations: readonly Recommendation[], windowMs: number, now: number): readonly Recommendation[] {
  const last = recommendations.at(-1);
  if (last && now - last.at > gapMs) return [];
  const first = recommendations.findLastIndex(({ at }) => at <= now - windowMs);
  return first > 0 ? recommendations.slice(first) : recommendations;
}

/** Applies a policy; pure. */
export function decide(situation: Situation, policy: Policy, before: readonly Recommendation[], now: number): Verdict {
  const { service, replicas, load, pending, busy, cooling } = situation;
  const windowMs = policy.downCooldownSeconds * 1000;
  const known = typeof load === "number" && Number.isFinite(load) && load >= 0;
  const recommended = known ? recommend(load, replicas, policy) : undefined;
  const kept = recent(before, windowMs, now);
  const recommendations = recommended === undefined ? kept : [...kept, { at: now, replicas: recommended }];
  const to = (count: number, why: string): Verdict => ({
    replicas: count,
    held: undefined,
    reason: `service '${service}': ${why}`,
    recommendations,
  });
  const hold = (held: Verdict["held"], why: string): Verdict => ({ ...to(replicas, why), held });

  if (busy !== undefined) return hold("busy", busy);
  const bounded = clamp(replicas, policy);
  if (bounded !== replicas) return to(bounded, `${replicas} replicas are not within ${policy.min} to ${policy.max}`);
  if (recommended === undefined) {
    return hold("no-data", `no load is known, so it stays: ${typeof load === "object" ? load.missing : String(load)}`);
  }
  const bears = `load ${Number(load).toFixed(2)} at ${policy.target} each calls for ${recommended} replicas`;
  if (recommended > replicas) {
    if (pending.length > 0) return hold("pending", `${bears}, but tasks wait for a node: ${pending.join("; ")}`);
    if (now < cooling.up) return hold("cooldown", `${bears}, but it grew less than ${policy.upCooldownSeconds} s ago`);
    return to(recommended, bears);
  }
  if (recommended === replicas) return to(replicas, bears);
  if (now < cooling.down) {
    return hold("cooldown", `${bears}, but it was scaled less than ${policy.downCooldownSeconds} s ago`);
  }
  const oldest = recommendations[0];
  const most = Math.max(...recommendations.map((one) => one.replicas));
  if (!oldest || oldest.at > now - windowMs || most >= replicas) {
    return hold("window", `${bears}, but not yet for ${policy.downCooldownSeconds} s`);
  }
  return to(clamp(most, policy), `${bears}, and never more than ${most} for ${policy.downCooldownSeconds} s`);
}

/** The cooldowns after a scaling. */
export const cooled = (
  up: boolean,
  policy: Policy,
  before: Situation["cooling"],
  now: number,
): Situation["cooling"] => ({
  up: up ? now + policy.upCooldownSeconds * 1000 : before.up,
  down: now + policy.downCooldownSeconds * 1000,
});
