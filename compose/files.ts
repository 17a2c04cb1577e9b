import { checkKeys } from "./keys/check";
import { parseEnvFile } from "./env-file";
import { decodeService } from "./decode/service";
import { networkObject } from "./decode/networks";
import { fileObject, hintAtOutside, volumeObject, type ContentSource } from "./decode/objects";
import { mapping, type Mapping } from "./decode/values";
import type { Objects } from "./assemble/context";
import type { Findings } from "./model/findings";
import type { Folder } from "./model/folder";
import type { Interpolation } from "./interpolate";
import type { ServicePart } from "./decode/part";
import { Cursor } from "./yaml/cursor";
import { parseYaml } from "./yaml/parse";

/** Context for reading files. */
export interface Reading {
  readonly folder: Folder;
  readonly interpolation: Interpolation;
  readonly findings: Findings;
}

/** Content of one compose file. */
export interface FileContent {
  readonly services: ReadonlyMap<string, ServicePart>;
  readonly objects: Objects;
}

/** Reads one compose file. */
export function readFile(text: string, file: string, reading: Reading): FileContent | undefined {
  const { findings, interpolation } = reading;
  const parsed = parseYaml(text, file, findings);
  if (parsed === undefined) return undefined;
  checkKeys(parsed, findings);
  const root = new Cursor(interpolation.file(parsed), "", parsed.at, findings);
  const source: ContentSource = {
    folder: reading.folder,
    lookup: (name, at) => {
      interpolation.use(name, at, false);
      return interpolation.lookup(name);
    },
  };
  checkVersion(root);
  const objects = {
    networks: section(root, "networks", networkObject),
    volumes: section(root, "volumes", volumeObject),
    configs: section(root, "configs", (cursor) => fileObject(cursor, "config", source)),
    secrets: section(root, "secrets", (cursor) => fileObject(cursor, "secret", source)),
  };
  const services = section(root, "services", (cursor, key) => {
    if (!cursor.isMap) cursor.entries();
    return decodeService(key, cursor, {
      environment: environmentOf(cursor, reading),
      variable: (name, at) => {
        interpolation.use(name, at);
        return interpolation.lookup(name);
      },
    });
  });
  return { services, objects };
}

/** Docker chooses a schema by the version; here every file is read by one. */
function checkVersion(root: Cursor): void {
  const version = root.get("version");
  const node = version?.node;
  if (version === undefined || (node?.kind === "scalar" && node.type === "string" && /^3(\.\d+)?$/.test(node.value)))
    return;
  root.findings.improve(version.at, version.path, "docker takes a version of 3 in quotes alone; here it is a remark");
}

/** The entries of a part of the file; names are Swarm's letters. */
function section<T>(root: Cursor, name: string, decode: (cursor: Cursor, key: string) => T): ReadonlyMap<string, T> {
  return new Map(
    (root.get(name)?.entries() ?? []).flatMap(([key, cursor]): [string, T][] => {
      if (/^[a-zA-Z0-9._-]+$/.test(key)) return [[key, decode(cursor, key)]];
      cursor.refuse(`'${key}' is no name`, "use letters, digits, '.', '_' and '-'");
      return [];
    }),
  );
}

/** Variables of the files and of the service; an empty one takes the configuration's variable of its name, as with docker. */
function environmentOf(cursor: Cursor, reading: Reading): Mapping {
  const { interpolation } = reading;
  const all = new Map([...envFiles(cursor.get("env_file"), reading), ...mapping(cursor.get("environment"))]);
  return new Map(
    [...all].map(([name, value]) => {
      if (value !== undefined && value !== "") return [name, value];
      if (value === undefined) interpolation.use(name, cursor.at);
      return [name, interpolation.lookup(name) ?? value];
    }),
  );
}

function envFiles(cursor: Cursor | undefined, { folder, interpolation, findings }: Reading): Mapping {
  const items = cursor?.itemsOrSelf() ?? [];
  const found = items.flatMap((item) => {
    const path = item.isMap ? item.get("path")?.plain() : item.plain();
    const required = item.isMap ? (item.get("required")?.boolean() ?? true) : true;
    if (path === undefined) return [];
    const read = folder.readAround(path);
    if (read.kind === "file") hintAtOutside(path, item, folder, findings);
    if (read.kind === "file")
      return [...parseEnvFile(read.bytes.toString("utf8"), path, (name) => interpolation.lookup(name), findings)];
    if (required)
      item.refuse(
        read.kind === "folder" ? `'${path}' is a folder` : read.reason,
        "write the file into the compose file's folder, or '{ path: FILE, required: false }' if it may be missing",
      );
    return [];
  });
  return new Map(found);
}
