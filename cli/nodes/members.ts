import { z } from "zod";

/** A node as Docker's API lists it, the parts that are read. */
export const Member = z.object({
  ID: z.string(),
  Spec: z.object({ Role: z.string(), Availability: z.string(), Labels: z.record(z.string(), z.string()).nullish() }),
  Description: z.object({ Hostname: z.string() }),
  /** `ready`, `down`, `disconnected` or `unknown`. */
  Status: z.object({ State: z.string() }),
});

export type Member = z.infer<typeof Member>;

/** Nodes by hostname; of several with one name, as a node that joined again leaves them, the ready one. */
export function byHostname(members: readonly Member[]): ReadonlyMap<string, Member> {
  const known = new Map<string, Member>();
  for (const member of members) {
    const { Hostname } = member.Description;
    if (known.get(Hostname)?.Status.State !== "ready") known.set(Hostname, member);
  }
  return known;
}
