/** What one steward knows about the lease. */
export interface Sight {
  /** Who looks. */
  readonly id: string;
  readonly labels: Readonly<Record<string, string>>;
  /** How long the looker has seen the record unchanged, on its own clock. */
  readonly unchangedMs: number;
  readonly leaseMs: number;
  /** Nothing is half done: another may be let in. */
  readonly idle: boolean;
}

/** What to do about the lease now. */
export type Verdict = "renew" | "take" | "hand over" | "wait";

/** Decides who holds the lease; pure. */
export function judge({ id, labels, unchangedMs, leaseMs, idle }: Sight): Verdict {
  const { holder = "", wanted = "" } = labels;
  const wantedByOther = wanted !== "" && wanted !== id;
  if (holder === id) return wantedByOther && idle ? "hand over" : "renew";
  if (unchangedMs >= leaseMs) return "take";
  return holder === "" && !wantedByOther ? "take" : "wait";
}
