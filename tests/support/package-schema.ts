import { readFileSync } from "node:fs";
import { z } from "zod";

/** A type in a Pulumi package's schema. */
const Type = z.object({
  type: z.string().optional(),
  $ref: z.string().optional(),
  get items() {
    return Type.optional();
  },
  get additionalProperties() {
    return Type.optional();
  },
});
type Type = z.infer<typeof Type>;

const Properties = z.record(z.string(), Type);
const Inputs = z.object({ inputProperties: Properties.default({}), requiredInputs: z.array(z.string()).default([]) });
const ObjectType = z.object({ properties: Properties.default({}), required: z.array(z.string()).default([]) });

const Schema = z.object({
  types: z.record(z.string(), ObjectType),
  provider: Inputs,
  resources: z.record(z.string(), Inputs),
});
export type Schema = z.infer<typeof Schema>;

export function readSchema(file: string): Schema {
  return Schema.parse(JSON.parse(readFileSync(file, "utf8")));
}

/** Every input of a resource, `path: type` or `path?: type`, those of nested types after their own; `""` is the provider. */
export function schemaInputs(schema: Schema, token: string): string[] {
  const resource = token === "" ? schema.provider : schema.resources[token];
  if (!resource) throw new Error(`the schema has no resource '${token}'`);
  return linesOf(schema, "", resource.inputProperties, resource.requiredInputs).sort();
}

function linesOf(
  schema: Schema,
  prefix: string,
  properties: Record<string, Type>,
  required: readonly string[],
): string[] {
  return Object.entries(properties).flatMap(([name, type]) => {
    const path = `${prefix}${name}`;
    const { text, object } = described(schema, type);
    const nested = object ? linesOf(schema, `${path}.`, object.properties, object.required) : [];
    return [`${path}${required.includes(name) ? "" : "?"}: ${text}`, ...nested];
  });
}

/** A type in words, and the object type in it, be it alone, in a list or in a map. */
function described(schema: Schema, type: Type): { text: string; object?: z.infer<typeof ObjectType> | undefined } {
  if (type.$ref) return { text: "object", object: schema.types[type.$ref.replace("#/types/", "")] };
  if (type.items) {
    const { text, object } = described(schema, type.items);
    return { text: `list of ${text}`, object };
  }
  if (type.additionalProperties) {
    const { text, object } = described(schema, type.additionalProperties);
    return { text: `map of ${text}`, object };
  }
  return { text: type.type === "integer" ? "number" : (type.type ?? "unknown") };
}
