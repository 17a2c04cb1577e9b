import { createHash } from "node:crypto";
import { isAbsolute, join as joinPaths, posix } from "node:path";
import type { ComposeMount } from "../model/mount";
import type { MountPart } from "../decode/part";
import type { ComposeFileUse } from "../model/service";
import { type Context, namespaceLabel, scoped } from "./context";
import { defined } from "../decode/deploy";
import { mostBytes } from "../decode/objects";

/** More files are an image's business. */
const mostFiles = 50;

/** Mounts, and the files that binds of relative paths become. */
export interface Assembled {
  readonly mounts: readonly ComposeMount[];
  readonly files: readonly ComposeFileUse[];
}

/** Turns the volumes of a service into mounts and configs. */
export function assembleMounts(parts: readonly MountPart[], context: Context): Assembled {
  const results = parts.map((part) => assembleMount(part, context));
  return {
    mounts: results.flatMap(({ mount }) => (mount === undefined ? [] : [mount])),
    files: results.flatMap(({ files = [] }) => files),
  };
}

function assembleMount(
  part: MountPart,
  context: Context,
): { readonly mount?: ComposeMount | undefined; readonly files?: readonly ComposeFileUse[] } {
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
      if (source.startsWith("~"))
        return refuse(
          `'${source}' is a path of this machine's user`,
          "write an absolute path of the nodes, or a config",
        );
      return { files: bindFiles(part, context) };
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

/** One file, or the files of a small read-only folder, as configs. */
function bindFiles(part: MountPart, context: Context): readonly ComposeFileUse[] {
  const { source, target, at, path } = part;
  const instead = "put the files into the image, use a volume, or write an absolute path of the nodes";
  const found = context.folder.read(source);
  if (found.kind === "problem") {
    context.findings.refuse(at, path, `a relative path names a file of this machine, and ${found.reason}`, instead);
    return [];
  }
  if (found.kind === "file") {
    context.findings.improve(
      at,
      path,
      "docker mounts a path of this machine; here the file is a config, which the container cannot write",
    );
    return [bound(source, found.bytes, target, part, context)].flatMap((use) => use ?? []);
  }
  const files = context.folder.filesBelow(found.path);
  if (!part.readOnly || files.length === 0 || files.length > mostFiles) {
    const what = `'${source}' is a folder of this machine${part.readOnly ? ` with ${String(files.length)} files` : ""}`;
    const small = `with ':ro', a folder of 1 to ${String(mostFiles)} files becomes configs`;
    context.findings.refuse(at, path, `${what}; ${small}`, instead);
    return [];
  }
  context.findings.improve(at, path, "docker mounts a path of this machine; here each file of the folder is a config");
  return files.flatMap((file) => {
    const read = context.folder.read(file);
    const inside = file.slice(found.path === "." ? 0 : joinPaths(found.path, "/").length);
    if (read.kind === "file") return bound(file, read.bytes, posix.join(target, inside), part, context) ?? [];
    context.findings.refuse(
      at,
      path,
      read.kind === "problem" ? read.reason : `'${file}' is a link to a folder`,
      instead,
    );
    return [];
  });
}

function bound(
  file: string,
  bytes: Buffer,
  target: string,
  { at, path }: MountPart,
  { stack, bound: configs, findings }: Context,
): ComposeFileUse | undefined {
  if (bytes.length < 1 || bytes.length > mostBytes.config) {
    findings.refuse(
      at,
      path,
      `'${file}' has ${String(bytes.length)} bytes, and a config has 1 to ${String(mostBytes.config)}`,
      "put it into the image",
    );
    return undefined;
  }
  const clean = posix.normalize(file);
  const key = `file-${createHash("sha256").update(clean).digest("hex").slice(0, 8)}`;
  const name = scoped(stack, key);
  const content = { from: "file", file: clean, base64: bytes.toString("base64") } as const;
  configs.set(key, { kind: "own", key, name, at, content, labels: { [namespaceLabel]: stack } });
  return { source: key, name, target, uid: "0", gid: "0", mode: 0o444, at };
}
