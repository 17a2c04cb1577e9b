import { parseDocument, isMap, type Document } from "yaml";
import { FarmError } from "../base/errors";

/** Entry of one application in `Pulumi.<stack>.yaml`, as a person writes it. */
export interface Entry {
  readonly file: string | readonly string[];
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly profiles?: readonly string[];
  readonly folders?: Readonly<Record<string, unknown>>;
  readonly routes?: Readonly<Record<string, unknown>>;
}

/**
 * The text of `Pulumi.<stack>.yaml` with an application's entry; everything else keeps its comments and order.
 *
 * @throws FarmError if the text's `swarm-farm:stacks` is no map
 */
export function withEntry(text: string, name: string, entry: Entry): string {
  return edited(text, (document, stacks) => {
    // Key by key, so that encrypted values and comments of an entry that is there stay.
    document.setIn([...stacks, name, "file"], document.createNode(entry.file));
    if (entry.profiles !== undefined)
      document.setIn([...stacks, name, "profiles"], document.createNode(entry.profiles, { flow: true }));
    for (const part of ["variables", "folders", "routes"] as const)
      for (const [key, value] of Object.entries(entry[part] ?? {}))
        document.setIn([...stacks, name, part, key], document.createNode(value, { flow: true }));
  });
}

/** The text without an application's entry, and without `swarm-farm:stacks` if that was the last one. */
export function withoutEntry(text: string, name: string): string {
  return edited(text, (document, stacks) => {
    document.deleteIn([...stacks, name]);
    const left = document.getIn(stacks);
    if (isMap(left) && left.items.length === 0) document.deleteIn(stacks);
  });
}

function edited(text: string, edit: (document: Document, stacks: readonly string[]) => void): string {
  const document = parseDocument(text);
  const config = document.get("config");
  const keys = isMap(config) ? config.items.map(({ key }) => String(key)) : [];
  // Pulumi also takes a key without a project, and the older `project:config:key`.
  const key = keys.find((each) => /^(swarm-farm:(config:)?)?stacks$/.test(each)) ?? "swarm-farm:stacks";
  const value: unknown = document.getIn(["config", key]);
  if (value !== undefined && value !== null && !isMap(value))
    throw new FarmError(`'${key}' of the configuration must be a map of applications by name`);
  if (isMap(value) && value.items.length === 0) value.flow = false;
  if (value === null) document.deleteIn(["config", key]);
  edit(document, ["config", key]);
  return document.toString({ lineWidth: 0 });
}
