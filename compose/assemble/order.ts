import type { Findings } from "../model/findings";
import type { ServicePart } from "../decode/part";

/**
 * Services, each after those that it depends on, otherwise by key. Refuses a circle, and a service that is not there
 * where its health or its end is waited for: docker ignores a list.
 */
export function inOrder(
  parts: ReadonlyMap<string, ServicePart>,
  leftOut: ReadonlySet<string>,
  findings: Findings,
): readonly ServicePart[] {
  const ordered = new Set<ServicePart>();
  const open: string[] = [];
  const visit = (part: ServicePart): void => {
    if (ordered.has(part)) return;
    if (open.includes(part.key)) {
      const circle = [...open.slice(open.indexOf(part.key)), part.key].join("' → '");
      findings.refuse(
        part.at,
        `services.${part.key}.depends_on`,
        `services wait for each other: '${circle}'`,
        "remove one dependency",
      );
      return;
    }
    open.push(part.key);
    for (const { service, condition, at, required } of part.dependsOn.values()) {
      const other = parts.get(service);
      const path = `services.${part.key}.depends_on`;
      if (other) visit(other);
      else if (leftOut.has(service) && !required)
        findings.hint(at, path, `'${service}' is left out by its profiles, and is not waited for`);
      else if (leftOut.has(service))
        findings.refuse(
          at,
          path,
          `'${service}' is left out by its profiles`,
          "turn one of its profiles on, or write 'required: false'",
        );
      else if (condition === "started" || !required)
        findings.hint(
          at,
          path,
          `there is no service '${service}' in these files, and nothing is waited for`,
          "correct the name, or remove it",
        );
      else findings.refuse(at, path, `there is no service '${service}'`, "correct the name, or remove it");
    }
    open.pop();
    ordered.add(part);
  };
  for (const key of [...parts.keys()].sort()) {
    const part = parts.get(key);
    if (part) visit(part);
  }
  return [...ordered];
}

/** A service without the dependencies that are left out. */
export function withoutMissing(part: ServicePart, parts: ReadonlyMap<string, ServicePart>): ServicePart {
  return { ...part, dependsOn: new Map([...part.dependsOn].filter(([service]) => parts.has(service))) };
}
