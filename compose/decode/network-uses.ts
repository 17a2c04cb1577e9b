import { hostNetwork } from "../model/networks";
import type { NetworkPart } from "./part";
import type { Cursor } from "../yaml/cursor";
import { plainMapping, plains } from "./values";

/** `networks` of a service, as a list or a mapping. */
export function networkUses(cursor: Cursor | undefined): ReadonlyMap<string, NetworkPart> {
  if (cursor === undefined) return new Map();
  if (cursor.isList)
    return new Map(
      cursor.items().flatMap((item): [string, NetworkPart][] => {
        const name = item.plain();
        return name === undefined ? [] : [[name, { given: false, at: item.at, path: item.path }]];
      }),
    );
  return new Map(
    cursor.entries().map(([name, value]) => [
      name,
      {
        given: value.isMap,
        aliases: plains(value.get("aliases")),
        driverOpts: value.get("driver_opts") && plainMapping(value.get("driver_opts")),
        at: value.at,
        path: value.path,
      },
    ]),
  );
}

/** `network_mode`: of those that Docker has, `host` alone does not depend on the node. */
export function networkMode(cursor: Cursor | undefined): ReadonlyMap<string, NetworkPart> {
  const mode = cursor?.plain();
  if (cursor === undefined || mode === undefined) return new Map();
  const { at, path } = cursor;
  if (mode === hostNetwork) return new Map([[hostNetwork, { given: false, isMode: true, at, path }]]);
  if (/^(bridge|default)$/.test(mode)) {
    cursor.findings.hint(
      at,
      path,
      `'${mode}' is one node's; the service is on the network of the stack`,
      "leave it out",
    );
    return new Map();
  }
  cursor.refuse(
    mode === "none" ? "Swarm has no tasks without a network" : `'${mode}' is of one node, and a task can run on any`,
    "use 'networks', with 'internal: true' for one without a way out",
  );
  return new Map();
}

/** `extra_hosts`: a list of `name:address` or `name=address`, or a mapping. Brackets around an address go. */
export function extraHosts(cursor: Cursor | undefined): readonly { readonly host: string; readonly address: string }[] {
  if (cursor === undefined) return [];
  const pairs = cursor.isList
    ? cursor.items().flatMap((item): (readonly [string, string])[] => {
        const text = item.plain() ?? "";
        const separator = text.includes("=") ? "=" : ":";
        const at = text.indexOf(separator);
        if (at >= 0) return [[text.slice(0, at), text.slice(at + 1)]];
        item.refuse(`'${text}' has no address`, "write 'name:address'");
        return [];
      })
    : cursor
        .entries()
        .flatMap(([name, value]): (readonly [string, string])[] => [[name, value.plain() ?? ""]])
        .sort(([a, x], [b, y]) => (`${a}:${x}` < `${b}:${y}` ? -1 : 1));
  return pairs.map(([host, address]) => ({ host, address: address.replace(/^\[(.+)\]$/, "$1") }));
}
