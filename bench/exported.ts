import { z } from "zod";

/** Keys with which Pulumi marks a value that is no plain one, and the mark of a secret. */
const mark = "4dabf18193072939515e22adb298388d";
const secret = "1b47061264138c4ac30d75fd1eb44270";

/** A value as JSON has it. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A resource of a Pulumi stack; its secrets are in the clear. */
export interface Resource {
  readonly urn: string;
  readonly type: string;
  /** Whether it is one of a plugin, and no component. */
  readonly custom: boolean;
  /** A component has none. */
  readonly id?: string | undefined;
  /** The URN of its provider, and after `::` that one's id. */
  readonly provider?: string | undefined;
  readonly inputs: Readonly<Record<string, Json>>;
  readonly outputs: Readonly<Record<string, Json>>;
  /** URNs of those that have to be there before it. */
  readonly dependencies: readonly string[];
  /** When it was there, as ISO 8601; an imported one has none. */
  readonly created?: string | undefined;
}

const Exported = z.object({
  deployment: z.object({
    resources: z.array(
      z.object({
        urn: z.string(),
        type: z.string(),
        custom: z.boolean(),
        id: z.string().optional(),
        provider: z.string().optional(),
        inputs: z.record(z.string(), z.json()).default({}),
        outputs: z.record(z.string(), z.json()).default({}),
        dependencies: z.array(z.string()).default([]),
        created: z.string().optional(),
      }),
    ),
  }),
});

/** @param text that `pulumi stack export --show-secrets` wrote */
export function exportedResources(text: string): readonly Resource[] {
  return Exported.parse(JSON.parse(text)).deployment.resources.map((resource) => ({
    ...resource,
    inputs: plainFields(resource.inputs),
    outputs: plainFields(resource.outputs),
  }));
}

/** URNs of what was there before a resource, its provider's among them. */
export function urnsBefore({ dependencies, provider }: Pick<Resource, "dependencies" | "provider">): readonly string[] {
  return provider === undefined ? dependencies : [...dependencies, provider.split("::").slice(0, 4).join("::")];
}

/** Values without what Pulumi keeps about them: marks of secrets, and lists of defaults. */
function plain(value: Json): Json {
  if (value === null || typeof value !== "object") return value;
  if (isList(value)) return value.map(plain);
  if (value[mark] === secret) return plain(JSON.parse(z.string().parse(value.plaintext)) as Json);
  return plainFields(value);
}

function plainFields(fields: Readonly<Record<string, Json>>): Record<string, Json> {
  const kept = Object.entries(fields).filter(([key]) => !key.startsWith("__"));
  return Object.fromEntries(kept.map(([key, value]) => [key, plain(value)]));
}

/** Whether a value is a list; Array.isArray does not tell a readonly one from an object. */
export function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
