import type { Member } from "./docker-shapes";

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
