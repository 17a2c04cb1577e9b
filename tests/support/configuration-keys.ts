import { z } from "zod";
import { surface } from "../../stacks/config";

/** As much of JSON Schema as the configuration's uses. */
interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly oneOf?: readonly Schema[];
}

const root = z.toJSONSchema(surface.schema, { io: "input", unrepresentable: "any" }) as Schema;

/** Every key that has a value of its own, as docs/configuration.md writes it, e.g. `nodes.<name>.role`. */
export function leafKeys(schema: Schema = root, path = ""): string[] {
  const children = childrenOf(schema);
  if (children.length === 0) return [path];
  const keys = children.flatMap(([key, child]) => leafKeys(child, path === "" ? key : `${path}.${key}`));
  return [...new Set(keys)].sort();
}

/** The leaf keys that a configuration, or a patch of one, gives a value; `null` gives none. */
export function keysSet(value: unknown, schema: Schema = root, path = ""): string[] {
  if (value === null || value === undefined) return [];
  const children = childrenOf(schema);
  if (children.length === 0) return [path];
  const names = new Map(children);
  const keys = Object.entries(value).flatMap(([key, child]: [string, unknown]) => {
    const name = names.has(key) ? key : anyName;
    const known = names.get(name);
    const below = path === "" ? name : `${path}.${name}`;
    return known === undefined ? [`${path}.${key}`] : keysSet(child, known, below);
  });
  return [...new Set(keys)].sort();
}

const anyName = "<name>";

/** The keys of a map, or one for all names; none where the value is a leaf, as a map of labels is. */
function childrenOf({ properties = {}, additionalProperties, oneOf = [] }: Schema): [string, Schema][] {
  const named: [string, Schema][] =
    typeof additionalProperties === "object" && additionalProperties.properties
      ? [[anyName, additionalProperties]]
      : [];
  return [...Object.entries(properties), ...named, ...oneOf.flatMap(childrenOf)];
}
