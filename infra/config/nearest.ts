import { z } from "zod";

/** The part of JSON Schema that names keys. */
interface Keys {
  readonly formerly?: string;
  readonly credential?: boolean;
  readonly properties?: Readonly<Record<string, Keys>>;
  readonly additionalProperties?: Keys | boolean;
  readonly oneOf?: readonly Keys[];
  readonly anyOf?: readonly Keys[];
}

/** The keys that a schema has at a path; none where it takes any name. */
export function keysAt(schema: z.ZodType, path: readonly string[]): string[] {
  return propertiesAt(schema, path).map(([key]) => key);
}

/** The key at a path that had this name in an earlier version: `.meta({ formerly })` in the schema says so. */
export function renamedKey(schema: z.ZodType, path: readonly string[], former: string): string | undefined {
  return propertiesAt(schema, path).find(([, { formerly }]) => formerly === former)?.[0];
}

/** Whether a value at a path must not be shown: `.meta({ credential: true })` in the schema says so of it, or of what it is part of. */
export function isCredential(schema: z.ZodType, path: readonly string[]): boolean {
  let nodes = [keysOf(schema)];
  return path.some((key) => {
    nodes = nodes.flatMap((each) => childOf(each, key));
    return nodes.flatMap(variantsOf).some(({ credential }) => credential);
  });
}

function keysOf(schema: z.ZodType): Keys {
  return z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as Keys;
}

function propertiesAt(schema: z.ZodType, path: readonly string[]): [string, Keys][] {
  const found = path.reduce<readonly Keys[]>((at, key) => at.flatMap((each) => childOf(each, key)), [keysOf(schema)]);
  return found.flatMap(variantsOf).flatMap(({ properties = {} }) => Object.entries(properties));
}

function childOf(node: Keys, key: string): Keys[] {
  return variantsOf(node).flatMap(({ properties = {}, additionalProperties }) => {
    const child = properties[key] ?? additionalProperties;
    return typeof child === "object" ? [child] : [];
  });
}

function variantsOf(node: Keys): readonly Keys[] {
  return [node, ...(node.oneOf ?? []), ...(node.anyOf ?? [])];
}

/** The most similar name, if at most a third of its letters differ. */
export function nearest(name: string, names: readonly string[]): string | undefined {
  const [first] = names
    .map((each) => ({ each, edits: edits(name.toLowerCase(), each.toLowerCase()) }))
    .filter(({ each, edits }) => edits <= Math.max(1, Math.floor(each.length / 3)))
    .sort((a, b) => a.edits - b.edits);
  return first?.each;
}

/** The Levenshtein distance: letters to insert, remove or replace. */
function edits(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of Array.from(a).entries()) {
    const next = [i + 1];
    for (const [j, other] of Array.from(b).entries())
      next.push(Math.min((row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1, (row[j] ?? 0) + (letter === other ? 0 : 1)));
    row = next;
  }
  return row[b.length] ?? 0;
}
