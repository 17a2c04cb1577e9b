import { extname, isAbsolute } from "node:path";
import type { ComposeMount } from "../model/mount";
import type { MountPart } from "../decode/part";
import type { ComposeFileUse } from "../model/service";
import { bindFiles } from "./binds";
import { type Context, namespaceLabel, scoped } from "./context";
import { defined } from "../decode/deploy";
import { readOnlyFolder } from "./folders";
import { isVacant } from "./home";

/** Mounts, and the files that binds of relative paths become. */
export interface Assembled {
  readonly mounts: readonly ComposeMount[];
  readonly files: readonly ComposeFileUse[];
}

/** Translation of one volume of a service; nothing if it is refused. */
interface AssembledOne {
  readonly mount?: ComposeMount | undefined;
  readonly files?: readonly ComposeFileUse[];
}

/** Turns the volumes of a service into mounts and configs. */
export function assembleMounts(parts: readonly MountPart[], context: Context): Assembled {
  const results = parts.map((part) => assembleMount(part, context));
  return {
    mounts: results.flatMap(({ mount }) => (mount === undefined ? [] : [mount])),
    files: results.flatMap(({ files = [] }, i) => files.filter((file) => !isCovered(file, i, parts))),
  };
}

/** Whether another volume lies over a file of a folder, as a mount over a mount. */
function isCovered({ target }: ComposeFileUse, index: number, parts: readonly MountPart[]): boolean {
  const folder = `${parts[index]?.target.replace(/\/$/, "") ?? ""}/`;
  return parts.some(
    (other) => other.target.startsWith(folder) && (other.target === target || target.startsWith(`${other.target}/`)),
  );
}

function assembleMount(part: MountPart, context: Context): AssembledOne {
  const { source, target, readOnly, at } = part;
  const base = { target, readOnly, at, ...defined({ consistency: part.consistency }) };
  const refuse = (reason: string, alternative: string) => {
    context.findings.refuse(at, part.path, reason, alternative);
    return {};
  };
  switch (part.type) {
    case "tmpfs":
      if (source !== "") return refuse("a tmpfs has no source", "remove 'source'");
      return { mount: { ...base, type: "tmpfs", ...defined({ sizeBytes: part.sizeBytes, mode: part.mode }) } };
    case "bind":
      if (source === "") return refuse("a bind has no source", "write the path on the nodes");
      if (isAbsolute(source))
        return { mount: { ...base, type: "bind", source, ...defined({ propagation: part.propagation }) } };
      return relativeBind(part, context);
    case "image":
    case "npipe":
    case "cluster":
      context.findings.refuse(
        at,
        part.path,
        `Pulumi's Docker provider has no mounts of type '${part.type}'`,
        "use a volume",
      );
      return { mount: { ...base, type: part.type, source } };
    default:
      return { mount: volumeMount(part, context) };
  }
}

/** A path of this machine: a volume, if the configuration has one in its place, or configs. */
function relativeBind(part: MountPart, context: Context): AssembledOne {
  const { source, target, readOnly, at, path } = part;
  const volume = context.folders.volumeOf(source);
  if (volume === readOnlyFolder) return { files: bindFiles({ ...part, readOnly: true }, context) };
  if (volume !== undefined) {
    const reason = `docker mounts a path of this machine; here the volume '${volume}' takes its place, empty at first`;
    context.findings.improve(at, path, reason);
    return { mount: volumeMount({ ...part, type: "volume", source: volume }, context) };
  }
  if (!source.startsWith("~")) return { files: bindFiles(part, context) };
  if (!readOnly && extname(target) === "" && isVacant(source)) context.folders.propose(part);
  const reason = `'${source}' is a path of this machine's user, and tasks run on the nodes`;
  const alternative = `give a volume in 'folders' of the stack (${source}: VOLUME), or write an absolute path of the nodes`;
  context.findings.refuse(at, path, reason, alternative);
  return {};
}

function volumeMount(part: MountPart, { stack, objects, findings }: Context): ComposeMount | undefined {
  const { source, target, readOnly, at } = part;
  const base = { type: "volume", target, readOnly, at, noCopy: part.noCopy ?? false } as const;
  const more = defined({ consistency: part.consistency, subpath: part.subpath });
  // Docker drops the options of an anonymous volume.
  if (source === "") return { ...base, noCopy: false, labels: {}, ...defined({ consistency: part.consistency }) };
  const object = objects.volumes.get(source);
  if (object === undefined) {
    findings.refuse(
      at,
      part.path,
      `the volume '${source}' is not under 'volumes' of the file`,
      `add '${source}:' there`,
    );
    return undefined;
  }
  const named = { ...base, ...more, volume: source, source: scoped(stack, source, object) };
  if (object.external) return { ...named, labels: {} };
  const options = Object.fromEntries([...object.driverOpts].map(([name, value]) => [name, value ?? ""]));
  const hasDriver = object.driver !== undefined || object.driverOpts.size > 0;
  return {
    ...named,
    labels: { ...Object.fromEntries(object.labels), [namespaceLabel]: stack },
    ...(hasDriver ? { driver: { ...defined({ name: object.driver }), options } } : {}),
  };
}
