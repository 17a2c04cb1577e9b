/** Knowledge of one steward about the lease. */
export interface LeaseView {
  /** The steward that looks. */
  readonly id: string;
  readonly labels: Readonly<Record<string, string>>;
  /** How long the looker has seen the record unchanged, on its own clock. */
  readonly unchangedMs: number;
  readonly leaseMs: number;
  /** Nothing is half done: another may be let in. */
  readonly idle: boolean;
}

/** Action on the lease. */
export type Verdict = "renew" | "take" | "hand over" | "wait";

/** Decides who holds the lease; pure. */
export function judge({ id, labels, unchangedMs, leaseMs, idle }: LeaseView): Verdict {
  const { holder = "", wanted: requester = "" } = labels;
  const requestedByOther = requester !== "" && requester !== id;
  if (holder === id) return requestedByOther && idle ? "hand over" : "renew";
  if (unchangedMs >= leaseMs) return "take";
  return holder === "" && !requestedByOther ? "take" : "wait";
}
