import { z } from "zod";

/** A node as Docker's API lists it, the parts that are read. */
export const Member = z.object({
  ID: z.string(),
  Spec: z.object({ Role: z.string(), Availability: z.string(), Labels: z.record(z.string(), z.string()).nullish() }),
  /** Empty for a member that was accepted and has not reported yet, or whose join was cut off. */
  Description: z.object({ Hostname: z.string().default("") }),
  /** `ready`, `down`, `disconnected` or `unknown`. */
  Status: z.object({ State: z.string() }),
});

export type Member = z.infer<typeof Member>;

/** Ids of members that have no name, since they never reported. */
export function nameless(members: readonly Member[]): string[] {
  return members.filter(({ Description }) => Description.Hostname === "").map(({ ID }) => ID);
}

/** Nodes by hostname; of several with one name, as a node that joined again leaves them, the ready one. */
export function byHostname(members: readonly Member[]): ReadonlyMap<string, Member> {
  const known = new Map<string, Member>();
  for (const member of members) {
    const { Hostname } = member.Description;
    if (Hostname !== "" && known.get(Hostname)?.Status.State !== "ready") known.set(Hostname, member);
  }
  return known;
}
