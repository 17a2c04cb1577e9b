import type { FilePart, MountPart } from "./part";
import type { Cursor } from "../yaml/cursor";
import { parseSize } from "./units";
import { size } from "./values";

const propagations = new Set(["private", "rprivate", "shared", "rshared", "slave", "rslave"]);
const types = ["volume", "bind", "tmpfs", "image", "npipe", "cluster"] as const;

/** `volumes` of a service, in the short and the long form. */
export function volumes(cursor: Cursor | undefined): readonly MountPart[] {
  return (cursor?.items() ?? []).flatMap((item) => (item.isMap ? longForm(item) : shortForm(item)) ?? []);
}

function longForm(cursor: Cursor): MountPart | undefined {
  const type = cursor.get("type")?.oneOf(types) ?? "volume";
  const target = cursor.get("target")?.plain();
  if (target === undefined) return cursor.refuse("'target' is missing", "write where it is in the container");
  for (const other of ["bind", "volume", "tmpfs", "image", "cluster"].filter((each) => each !== type))
    cursor.get(other)?.refuse(`'${other}' does not go with the type '${type}'`, "remove one of the two");
  if (cursor.get("type") === undefined)
    cursor.findings.improve(cursor.at, cursor.path, "docker asks for 'type'; here it is 'volume'");
  return {
    type,
    target,
    source: cursor.get("source")?.plain() ?? "",
    readOnly: cursor.get("read_only")?.boolean() ?? false,
    consistency: cursor.get("consistency")?.plain(),
    propagation: cursor.get("bind")?.get("propagation")?.plain(),
    noCopy: cursor.get("volume")?.get("nocopy")?.boolean(),
    subpath: (cursor.get("volume") ?? cursor.get("image"))?.get("subpath")?.plain(),
    sizeBytes: tmpfsSize(cursor.get("tmpfs")?.get("size")),
    mode: permissions(cursor.get("tmpfs")?.get("mode")),
    at: cursor.at,
    path: cursor.path,
  };
}

function tmpfsSize(cursor: Cursor | undefined): number | undefined {
  const number = cursor?.node.kind === "scalar" && cursor.node.type === "number";
  return number ? cursor.count() : size(cursor);
}

function shortForm(cursor: Cursor): MountPart | undefined {
  const spec = cursor.plain();
  if (spec === undefined) return undefined;
  const at = { at: cursor.at, path: cursor.path };
  const { node } = cursor;
  if (node.kind === "scalar" && node.interpolated && spec.split(":").includes(""))
    return cursor.refuse(
      `'${node.source}' is '${spec}' with the variables of the stack, and a part of it is empty`,
      "set its variables under 'variables' of the stack in the configuration",
    );
  if (spec === "") return cursor.refuse("a volume is empty", "write 'volume:/path'");
  if (spec.length <= 2) return { type: "volume", source: "", target: spec, readOnly: false, ...at };
  const parts = spec.split(":");
  if (parts.includes(""))
    return cursor.refuse(`'${spec}' has nothing between two colons`, "write 'source:target:options'");
  if (/^[a-zA-Z]$/.test(parts[0] ?? "") && parts.length > 1)
    return cursor.refuse(
      `docker takes '${parts[0] ?? ""}:' for a Windows drive, and makes a volume at '${spec}'`,
      "give the volume a longer name, or write the long form",
    );
  if (parts.length > 3) return cursor.refuse(`'${spec}' has too many colons`, "write 'source:target:options'");
  const [first = "", target, optionText] = parts;
  if (target === undefined) return { type: "volume", source: "", target: first, readOnly: false, ...at };
  const options = optionText?.split(",") ?? [];
  for (const option of options.filter((each) => !["ro", "rw", "nocopy"].includes(each) && !propagations.has(each)))
    cursor.findings.hint(cursor.at, cursor.path, `docker ignores the option '${option}'; here too`, "leave it out");
  const type = /^[./~]/.test(first) ? "bind" : "volume";
  const foreign = options.find((each) => (type === "bind" ? each === "nocopy" : propagations.has(each)));
  if (foreign !== undefined) return cursor.refuse(`the option '${foreign}' does not go with a ${type}`, "leave it out");
  return {
    type,
    source: first,
    target,
    readOnly: options.filter((each) => each === "ro" || each === "rw").at(-1) === "ro",
    ...(options.includes("nocopy") ? { noCopy: true } : {}),
    propagation: options.findLast((each) => propagations.has(each)),
    ...at,
  };
}

/** `tmpfs` of a service: `/path` or `/path:size=64m,mode=1777`. */
export function tmpfs(cursor: Cursor | undefined): readonly MountPart[] {
  return (cursor?.itemsOrSelf() ?? []).flatMap((item) => {
    const [target = "", optionText = ""] = (item.plain() ?? "").split(":");
    if (target === "") return [];
    const options = new Map(
      optionText.split(",").map((each): [string, string] => [each.split("=")[0] ?? "", each.split("=")[1] ?? ""]),
    );
    const sizeText = options.get("size");
    const mode = options.get("mode");
    const unknown = [...options.keys()].filter((each) => !["", "size", "mode", "rw", "ro"].includes(each));
    if (unknown.length > 0)
      item.refuse(`Swarm's tmpfs mounts have no option '${unknown.join("', '")}'`, "use 'size' and 'mode' alone");
    const sizeBytes = sizeText === undefined ? undefined : parseSize(sizeText);
    // Without a size there is no limit, and without a mode everybody may write.
    if (sizeText !== undefined && sizeBytes === undefined)
      item.refuse(`'${sizeText}' is no size`, "write one such as '64m'");
    if (mode !== undefined && !/^[0-7]+$/.test(mode))
      item.refuse(`'${mode}' is no mode`, "write an octal number such as '1777'");
    const base = { type: "tmpfs", source: "", target, readOnly: options.has("ro"), at: item.at, path: item.path };
    return [{ ...base, sizeBytes, mode: mode === undefined ? undefined : Number.parseInt(mode, 8) }];
  });
}

/** `shm_size` of a service: a tmpfs at /dev/shm takes the place of the one of 64 MiB that Docker mounts. 0 is Docker's own. */
export function sharedMemory(cursor: Cursor | undefined): readonly MountPart[] {
  const sizeBytes = tmpfsSize(cursor);
  if (cursor === undefined || sizeBytes === undefined || sizeBytes === 0) return [];
  const { at, path } = cursor;
  return [{ type: "tmpfs", source: "", target: "/dev/shm", readOnly: false, sizeBytes, at, path }];
}

/** `configs` or `secrets` of a service. */
export function fileUses(cursor: Cursor | undefined): readonly FilePart[] {
  return (cursor?.items() ?? []).flatMap((item) => {
    const at = { at: item.at, path: item.path };
    const source = item.isMap ? item.get("source")?.plain() : item.plain();
    if (source === undefined) {
      if (item.isMap) item.refuse("'source' is missing", "name the config or secret");
      return [];
    }
    if (!item.isMap) return [{ source, ...at }];
    return [
      {
        source,
        target: item.get("target")?.plain(),
        uid: item.get("uid")?.plain(),
        gid: item.get("gid")?.plain(),
        mode: permissions(item.get("mode")),
        ...at,
      },
    ];
  });
}

/**
 * Permission bits. Octal only with a 0 in front: `444` is decimal, and what it gives nobody means. In quotes, which docker does not take,
 * it is octal as with Docker Compose.
 */
function permissions(cursor: Cursor | undefined): number | undefined {
  const node = cursor?.node.kind === "scalar" ? cursor.node : undefined;
  const source = node?.source ?? "";
  if (node?.type === "string" && !node.interpolated && /^[0-7]{3,5}$/.test(node.value)) {
    cursor?.findings.improve(node.at, cursor.path, "docker takes no number in quotes; here it is octal");
    return Number.parseInt(node.value, 8);
  }
  const value = cursor?.count();
  if (value !== undefined && /^[1-7][0-7]{2,3}$/.test(source))
    cursor?.findings.hint(
      cursor.at,
      cursor.path,
      `'${source}' is decimal, and means 0${value.toString(8)} in octal, as with docker`,
      `write 0${source} if that is meant`,
    );
  return value;
}
