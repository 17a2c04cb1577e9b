import { z } from "zod";

/** The form of a Terraform value. */
export type Form =
  | { readonly kind: "plain" }
  | { readonly kind: "list" | "map"; readonly of: Form }
  | { readonly kind: "object"; readonly fields: Fields };

/** Forms by Terraform's names. */
export type Fields = ReadonlyMap<string, Form>;

/** Fields of a provider's configuration, and of its resources by their types. */
export interface ProviderSchema {
  readonly provider: Fields;
  readonly resources: ReadonlyMap<string, Fields>;
}

/** A type as the cty library writes it: `"string"`, `["list", "string"]`, `["object", { name: "string" }]`. */
type Type = string | [string, Type | Record<string, Type>, ...unknown[]];

const Type: z.ZodType<Type> = z.lazy(() =>
  z.union([z.string(), z.tuple([z.string(), z.union([Type, z.record(z.string(), Type)])], z.unknown())]),
);

interface Block {
  readonly attributes: Readonly<Record<string, { readonly type?: Type | undefined }>>;
  readonly block_types: Readonly<Record<string, { readonly nesting_mode: string; readonly block: Block }>>;
}

const Block: z.ZodType<Block> = z.lazy(() =>
  z.object({
    attributes: z.record(z.string(), z.object({ type: Type.optional() })).default({}),
    block_types: z.record(z.string(), z.object({ nesting_mode: z.string(), block: Block })).default({}),
  }),
);

const Holder = z.object({ block: Block });

const Schemas = z.object({
  provider_schemas: z.record(
    z.string(),
    z.object({ provider: Holder.optional(), resource_schemas: z.record(z.string(), Holder).default({}) }),
  ),
});

/** Schemas by the last word of the providers' sources: `docker`. @param text that `tofu providers schema -json` prints */
export function providerSchemas(text: string): ReadonlyMap<string, ProviderSchema> {
  const { provider_schemas: schemas } = Schemas.parse(JSON.parse(text));
  return new Map(
    Object.entries(schemas).map(([source, { provider, resource_schemas: resources }]) => [
      source.split("/").at(-1) ?? "",
      {
        provider: provider ? fieldsOf(provider.block) : new Map<string, Form>(),
        resources: new Map(Object.entries(resources).map(([type, { block }]) => [type, fieldsOf(block)])),
      },
    ]),
  );
}

function fieldsOf({ attributes, block_types: blocks }: Block): Fields {
  return new Map<string, Form>([
    ...Object.entries(attributes).map(([name, { type }]): [string, Form] => [name, formOf(type ?? "dynamic")]),
    ...Object.entries(blocks).map(([name, { nesting_mode: nesting, block }]): [string, Form] => {
      const object: Form = { kind: "object", fields: fieldsOf(block) };
      return [name, nesting === "list" || nesting === "set" ? { kind: "list", of: object } : object];
    }),
  ]);
}

function formOf(type: Type): Form {
  if (typeof type === "string") return { kind: "plain" };
  const [kind, of] = type;
  if (!isType(of))
    return { kind: "object", fields: new Map(Object.entries(of).map(([name, each]) => [name, formOf(each)])) };
  return { kind: kind === "map" ? kind : "list", of: formOf(of) };
}

function isType(of: Type | Readonly<Record<string, Type>>): of is Type {
  return typeof of === "string" || Array.isArray(of);
}
