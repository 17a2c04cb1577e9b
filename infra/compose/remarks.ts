import type { ComposeApplication, ComposeService, Finding } from "../../compose";

/**
 * What a person should know of an application that is deployed: values that are missing, and data that stays on one node.
 *
 * @param findings of the reader
 */
export function remarksOf({ services, volumes }: ComposeApplication, findings: readonly Finding[]): Finding[] {
  const own = new Set(volumes.flatMap((volume) => (volume.kind === "own" ? [volume.name] : [])));
  return [
    ...findings.filter(({ outcome, reason }) => outcome === "honoured" && reason !== undefined),
    ...services.flatMap((service) => strayData(service, own)),
  ];
}

/** A volume of Docker's own driver is another one on each node: a task that moves begins with an empty one. */
function strayData({ key, mode, placement, mounts }: ComposeService, own: ReadonlySet<string>): Finding[] {
  const isPinned = placement.constraints.some(({ constraint }) => /^\s*node\.(labels\.|hostname|id)/i.test(constraint));
  if (isPinned || mode.kind === "global" || mode.kind === "global-job") return [];
  return mounts.flatMap((mount): Finding[] => {
    if (mount.type !== "volume" || mount.source === undefined || !own.has(mount.source)) return [];
    const { name = "local", options = {} } = mount.driver ?? {};
    // A volume of another driver, or of NFS, may be the same on every node.
    if (name !== "local" || Object.keys(options).length > 0) return [];
    return [
      {
        file: mount.at.file,
        line: mount.at.line,
        path: `services.${key}.volumes`,
        outcome: "honoured",
        reason: `the data in '${mount.source}' stays on the node that runs the task, and a task elsewhere begins with an empty volume`,
        alternative: "add a constraint that holds on one node, e.g. 'node.labels.db == true'",
      },
    ];
  });
}
