import { z } from "zod";

const Resource = z.object({
  urn: z.string(),
  type: z.string(),
  custom: z.boolean(),
  id: z.string().optional(),
  provider: z.string().optional(),
  dependencies: z.array(z.string()).default([]),
  inputs: z.record(z.string(), z.unknown()).default({}),
  outputs: z.record(z.string(), z.unknown()).default({}),
});

const Export = z.object({ deployment: z.object({ resources: z.array(Resource) }) });

const Secret = z.object({ plaintext: z.string() });

/** A resource of a stack, with its secrets in the clear. */
export type Resource = z.infer<typeof Resource>;

/** @param text as `pulumi stack export --show-secrets` prints it */
export function resourcesOf(text: string): readonly Resource[] {
  return Export.parse(JSON.parse(text, plain)).deployment.resources;
}

/** Pulumi writes a secret as an object with its JSON. */
function plain(_key: string, value: unknown): unknown {
  const secret = Secret.safeParse(value);
  return secret.success ? JSON.parse(secret.data.plaintext, plain) : value;
}

/** A resource's name: the last part of its URN. */
export function nameOf(urn: string): string {
  return urn.split("::").at(-1) ?? urn;
}

/** URNs of what was there before a resource, its provider's among them. */
export function before({ dependencies, provider }: Resource): readonly string[] {
  return provider === undefined ? dependencies : [...dependencies, provider.split("::").slice(0, 4).join("::")];
}
