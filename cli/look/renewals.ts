import { certificateDays, renewalDays } from "../../infra/keys/lifetimes";
import type { Known } from "../../cli/doctor/state";

/**
 * URNs of certificates of the farm's CA that end within 30 days: replaced, they are new ones, which rolling updates bring to
 * those that use them. The state says when each was created; the program itself looks at no clock.
 *
 * @param now in milliseconds since 1970
 */
export function renewals({ issued = new Map() }: Pick<Known, "issued">, now: number): string[] {
  const age = (certificateDays - renewalDays) * 86_400_000;
  return [...issued].filter(([, created]) => created + age <= now).map(([urn]) => urn);
}
