import type { FileObject } from "../decode/objects";
import type { FilePart, NetworkPart } from "../decode/part";
import type { ComposeFileUse, ComposeNetworkUse } from "../model/service";
import { builtIn } from "../model/networks";
import type { Position } from "../model/position";
import { type Context, scoped, scopedFile } from "./context";

/** Networks of a service by name; `default` where it names none. */
export function assembleNetworks(
  key: string,
  at: Position,
  parts: ReadonlyMap<string, NetworkPart>,
  { stack, objects, findings }: Context,
): readonly ComposeNetworkUse[] {
  const uses: ReadonlyMap<string, NetworkPart> =
    parts.size > 0 ? parts : new Map([["default", { given: false, at, path: "" }]]);
  const found = [...uses].flatMap(([network, use]): ComposeNetworkUse[] => {
    const object = objects.networks.get(network);
    if (object === undefined && network !== "default") {
      findings.refuse(
        use.at,
        use.path,
        `the network '${network}' is not under 'networks' of the file`,
        `add '${network}:' there`,
      );
      return [];
    }
    const name = scoped(stack, network, object);
    const aliases = [...(use.aliases ?? []), ...(builtIn.has(name) || name.startsWith("container:") ? [] : [key])];
    return [{ network, name, aliases, driverOpts: Object.fromEntries(use.driverOpts ?? []), at: use.at }];
  });
  return found.sort(byName);
}

/** Configs or secrets of a service by name. */
export function assembleFiles(
  parts: readonly FilePart[],
  kind: "config" | "secret",
  { stack, objects, findings }: Context,
): readonly ComposeFileUse[] {
  const known: ReadonlyMap<string, FileObject> = kind === "config" ? objects.configs : objects.secrets;
  return parts.flatMap((part): ComposeFileUse[] => {
    const { source, at, path } = part;
    const object = known.get(source);
    if (object === undefined) {
      findings.refuse(at, path, `the ${kind} '${source}' is not under '${kind}s' of the file`, `add '${source}' there`);
      return [];
    }
    const { target = "", uid = "", gid = "", mode = 0o444 } = part;
    const file = { target: target || source, uid: uid || "0", gid: gid || "0", mode };
    return [{ source, name: scopedFile(stack, source, object), ...file, at }];
  });
}

/** Orders by name, as docker sorts, by bytes. */
export function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : Number(a.name > b.name);
}
