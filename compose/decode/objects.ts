import type { ComposeContent } from "../model/application";
import type { Findings } from "../model/findings";
import type { Folder } from "../model/folder";
import type { Position } from "../model/position";
import type { Text } from "../model/text";
import type { Cursor } from "../yaml/cursor";
import { mapping, plainMapping, type Mapping } from "./values";

/** Keys that the four kinds of objects have in common. */
interface ObjectPart {
  readonly at: Position;
  readonly path: string;
  readonly name?: string | undefined;
  readonly external: boolean;
  readonly labels: ReadonlyMap<string, string>;
}

/** A network of the file. */
export interface NetworkObject extends ObjectPart {
  readonly driver?: string | undefined;
  readonly driverOpts: ReadonlyMap<string, string>;
  readonly internal: boolean;
  readonly attachable: boolean;
  readonly ipamDriver?: string | undefined;
  readonly subnets: readonly string[];
}

/** A volume of the file. */
export interface VolumeObject extends ObjectPart {
  readonly driver?: string | undefined;
  readonly driverOpts: Mapping;
}

/** A config or secret of the file. */
export interface FileObject extends ObjectPart {
  readonly content?: ComposeContent | undefined;
  readonly templateDriver?: string | undefined;
}

/** How content is found. */
export interface ContentSource {
  readonly folder: Folder;
  readonly lookup: (name: string, at: Position) => Text | undefined;
}

/** The keys that all four kinds of objects have. */
export function common(cursor: Cursor): ObjectPart {
  const external = cursor.get("external");
  const outside = external?.isMap ? true : (external?.boolean() ?? false);
  return {
    at: cursor.at,
    path: cursor.path,
    name: cursor.get("name")?.plain() ?? (external?.isMap ? external.get("name")?.plain() : undefined),
    external: outside,
    labels: plainMapping(cursor.get("labels")),
  };
}

/** Keys that docker drops without a word: an external object is not made here. */
export function hintAtIdle(cursor: Cursor, ...keys: readonly string[]): void {
  for (const key of keys.filter((each) => cursor.get(each) !== undefined))
    cursor.findings.hint(
      cursor.get(key)?.at ?? cursor.at,
      `${cursor.path}.${key}`,
      "it has no effect beside 'external', as with docker",
      "leave it out, or remove 'external'",
    );
}

/** `volumes` of a file. */
export function volumeObject(cursor: Cursor): VolumeObject {
  const part = common(cursor);
  const driver = cursor.get("driver")?.plain();
  const driverOpts = mapping(cursor.get("driver_opts"));
  for (const key of ["driver", "driver_opts", "labels"].filter((each) => part.external && cursor.get(each)))
    cursor.get(key)?.refuse(`'external' and '${key}' stand together`, "remove one of the two");
  return { ...part, driver, driverOpts };
}

/** `configs` or `secrets` of a file, with their content. */
export function fileObject(cursor: Cursor, kind: "config" | "secret", source: ContentSource): FileObject {
  const part = common(cursor);
  const templateDriver = cursor.get("template_driver")?.plain();
  if (part.external) {
    hintAtIdle(cursor, "file", "content", "environment", "labels");
    return { ...part, templateDriver };
  }
  const content = contentOf(cursor, source);
  if (content !== undefined) checkSize(cursor, kind, content);
  return { ...part, content, templateDriver };
}

function contentOf(cursor: Cursor, { folder, lookup }: ContentSource): ComposeContent | undefined {
  const given = ["file", "content", "environment", "driver"].filter((key) => cursor.get(key) !== undefined);
  if (given.length !== 1)
    return cursor.refuse(
      given.length === 0 ? "it has no content" : `'${given.join("' and '")}' stand together`,
      "write one of 'file', 'content', 'environment' and 'external'",
    );
  const file = cursor.get("file");
  if (file) return fileContent(file, folder);
  const environment = cursor.get("environment");
  const variable = environment?.plain();
  if (environment && variable !== undefined) {
    const text = lookup(variable, environment.at);
    const advice = `set '${variable}' under 'variables' of the stack in the configuration`;
    return text === undefined
      ? environment.refuse(`the variable '${variable}' is not set`, advice)
      : { from: "text", text };
  }
  const driver = cursor.get("driver")?.plain();
  if (driver !== undefined)
    return { from: "driver", driver, options: Object.fromEntries(plainMapping(cursor.get("driver_opts"))) };
  const text = cursor.get("content")?.text();
  return text === undefined ? undefined : { from: "text", text };
}

/** A file of the project becomes known to the swarm though it is not beside the compose file: a person should see that. */
export function hintAtOutside(
  file: string,
  { at, path }: { readonly at: Position; readonly path: string },
  folder: Folder,
  findings: Findings,
): void {
  if (folder.isOutside(file))
    findings.hint(at, path, `'${file}' is outside of the compose file's folder: what it holds goes to the swarm`);
}

function fileContent(cursor: Cursor, folder: Folder): ComposeContent | undefined {
  const path = cursor.plain();
  if (path === undefined) return undefined;
  const found = folder.readAround(path);
  if (found.kind === "file") hintAtOutside(path, cursor, folder, cursor.findings);
  if (found.kind === "file") return { from: "file", file: path, base64: found.bytes.toString("base64") };
  return cursor.refuse(
    found.kind === "folder" ? `'${path}' is a folder` : found.reason,
    "name a file in the compose file's folder",
  );
}

/** The longest content that Swarm takes, in bytes: api/validation of swarmkit. */
export const mostBytes = { config: 1_023_999, secret: 511_999 };

/** Refuses content that Swarm refuses: empty, or too large. */
export function checkSize(cursor: Cursor, kind: "config" | "secret", content: ComposeContent): void {
  if (content.from === "driver" || (content.from === "text" && typeof content.text !== "string")) return;
  const bytes =
    content.from === "file" ? Buffer.from(content.base64, "base64").length : Buffer.byteLength(content.text as string);
  const most = mostBytes[kind];
  if (bytes < 1) cursor.refuse(`the ${kind} is empty, which Swarm refuses`, "write at least one byte");
  else if (bytes > most)
    cursor.refuse(
      `the ${kind} has ${String(bytes)} bytes, and Swarm takes ${String(most)}`,
      "put it into the image, or split it",
    );
  else if (bytes > 500 * 1024)
    cursor.findings.hint(
      cursor.at,
      cursor.path,
      `the ${kind} has ${String(bytes)} bytes, which every manager keeps in memory`,
      "put large files into the image",
    );
}
