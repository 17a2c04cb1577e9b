import type { ServicePart } from "../decode/part";
import type { Findings } from "../model/findings";

/**
 * The services that are deployed with some profiles: those without profiles, and those with one of them. Refuses a profile that no
 * service has.
 *
 * @param file that the refusal names: a profile is asked for outside of the files
 */
export function withProfiles(
  services: ReadonlyMap<string, ServicePart>,
  profiles: readonly string[],
  file: string,
  findings: Findings,
): ReadonlyMap<string, ServicePart> {
  const known = [...new Set([...services.values()].flatMap((service) => service.profiles))].sort();
  for (const profile of profiles)
    if (!known.includes(profile))
      findings.refuse(
        { file, line: 1 },
        "services.*.profiles",
        `no service has the profile '${profile}'`,
        known.length === 0 ? "remove it: no service has profiles" : `use '${known.join("', '")}', or none`,
      );
  const isOn = (service: ServicePart) =>
    service.profiles.length === 0 || service.profiles.some((each) => profiles.includes(each));
  return new Map([...services].filter(([, service]) => isOn(service)));
}
