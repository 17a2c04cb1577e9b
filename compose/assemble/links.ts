import type { NetworkPart, ServicePart } from "../decode/part";

/** `links: [db:database]` as networks say it: `database` is an alias of `db` on the networks that both are on. */
export function withLinks(parts: ReadonlyMap<string, ServicePart>): ReadonlyMap<string, ServicePart> {
  const linked = new Map(parts);
  for (const part of parts.values())
    for (const { value } of part.links) {
      const [target = "", alias] = value.split(":");
      const other = linked.get(target);
      if (alias !== undefined && other !== undefined) linked.set(target, withAlias(other, alias, part));
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
