/** A property of a service that is not changed in place: the service is deleted, and created again. */
export interface Replacement {
  /** The property in the provider's arguments. Lists have no index in it. */
  readonly property: string;
  /** The key of `SwarmService` that it comes from. */
  readonly key: string;
  /** In Docker's words. */
  readonly what: string;
}

/** All of them: `ForceNew` in the provider's schema, and the mode, which Swarm itself does not change. */
export const replacements: readonly Replacement[] = [
  { property: "name", key: "service", what: "name" },
  { property: "mode", key: "spec.mode", what: "mode" },
  { property: "auth", key: "transform.service", what: "registry login" },
  { property: "taskSpec.networksAdvanceds", key: "spec.networks", what: "networks or their aliases" },
  { property: "taskSpec.containerSpec.labels", key: "spec.containerLabels", what: "container labels" },
  { property: "taskSpec.containerSpec.hosts", key: "spec.hosts", what: "extra hosts" },
  { property: "taskSpec.containerSpec.sysctl", key: "spec.sysctls", what: "sysctls" },
  {
    property: "taskSpec.containerSpec.mounts.volumeOptions.labels",
    key: "spec.mounts[].labels",
    what: "volume labels",
  },
];

/** Properties of which a change of a part may replace a service. */
export function replacementsWithin(path: string): readonly Replacement[] {
  return replacements.filter(({ property }) => property.startsWith(`${path}.`));
}

/** The part of a service that a changed property belongs to, if its change is a replacement; `[0]` and `["key"]` are left out. */
export function replacementOf(path: string): Replacement | undefined {
  const property = path.replaceAll(/\[[^\]]*\]/g, "");
  return replacements.find((each) => property === each.property || property.startsWith(`${each.property}.`));
}
