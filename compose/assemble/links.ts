import type { NetworkPart, ServicePart } from "../decode/part";
import type { Findings } from "../model/findings";

/**
 * `links: [db:database]` as networks say it: `database` is an alias of `db` on the networks that both are on. So are external links
 * to services of the files; others are refused.
 */
export function withLinks(
  parts: ReadonlyMap<string, ServicePart>,
  findings: Findings,
): ReadonlyMap<string, ServicePart> {
  const linked = new Map(parts);
  for (const part of parts.values()) {
    for (const { value } of [...part.links, ...part.externalLinks]) {
      const [target = "", alias] = value.split(":");
      const other = linked.get(target);
      if (alias !== undefined && other !== undefined) linked.set(target, withAlias(other, alias, part));
    }
    for (const { value, at, path } of part.externalLinks)
      if (!parts.has(value.split(":")[0] ?? ""))
        findings.refuse(
          at,
          path,
          `there is no service of '${value}' in these files, and links reach no other stack`,
          "use an external network that both stacks are on",
        );
  }
  return linked;
}

function withAlias(part: ServicePart, alias: string, from: ServicePart): ServicePart {
  const own: ReadonlyMap<string, NetworkPart> =
    part.networks.size > 0 ? part.networks : new Map([["default", { given: false, at: part.at, path: "" }]]);
  const shared = from.networks.size > 0 ? new Set(from.networks.keys()) : new Set(["default"]);
  const networks = new Map(
    [...own].map(([name, use]) => [
      name,
      shared.has(name) ? { ...use, aliases: [...new Set([...(use.aliases ?? []), alias])] } : use,
    ]),
  );
  return { ...part, networks };
}
