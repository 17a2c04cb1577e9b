import type { MountPart, ServicePart } from "../decode/part";
import type { Findings } from "../model/findings";

/** `volumes_from: [db:ro]` as volumes say it: what `db` mounts, and this service does not mount elsewhere. */
export function withVolumesFrom(
  parts: ReadonlyMap<string, ServicePart>,
  findings: Findings,
): ReadonlyMap<string, ServicePart> {
  const volumesOf = (part: ServicePart, open: readonly string[]): readonly MountPart[] =>
    part.volumesFrom.reduce<readonly MountPart[]>((own, { value, at, path }) => {
      const [key = "", mode = "rw"] = value.split(":");
      const other = parts.get(key);
      const refuse = (reason: string, alternative: string) => {
        findings.refuse(at, path, reason, alternative);
        return own;
      };
      if (value.startsWith("container:"))
        return refuse(
          `'${value}' is a container of one node, and a task can run on any`,
          "name a volume under 'volumes' of the file and mount it in both",
        );
      if (other === undefined) return refuse(`there is no service '${key}'`, "correct the name");
      if (open.includes(key))
        return refuse(`services mount each other's volumes: '${key}' again`, "remove one of them");
      if (mode !== "rw" && mode !== "ro") return refuse(`'${mode}' is neither 'ro' nor 'rw'`, "write one of them");
      const mounted = new Set(own.map(({ target }) => target));
      const theirs = volumesOf(other, [...open, key]).filter(({ target }) => !mounted.has(target));
      return [...own, ...theirs.map((mount) => ({ ...mount, readOnly: mount.readOnly || mode === "ro" }))];
    }, part.volumes);
  return new Map([...parts].map(([key, part]) => [key, { ...part, volumes: volumesOf(part, [key]) }]));
}
