import { certificateDays, renewalDays } from "../../infra/keys/lifetimes";
import type { Known } from "../../cli/doctor/state";

/**
 * URNs of certificates of the farm's CA that expire within 30 days. `up` replaces them; rolling updates follow. The state has
 * the date of each, so that the program needs no clock.
 *
 * @param now in milliseconds since 1970
 */
export function renewals({ issued = new Map() }: Pick<Known, "issued">, now: number): string[] {
  const age = (certificateDays - renewalDays) * 86_400_000;
  return [...issued].filter(([, created]) => created + age <= now).map(([urn]) => urn);
}
