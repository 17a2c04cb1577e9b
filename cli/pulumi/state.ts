import { z } from "zod";

/** A resource of `pulumi stack export`, as much as `./farm` reads of it. */
export const Resource = z.object({
  urn: z.string(),
  type: z.string(),
  id: z.string().optional(),
  parent: z.string().optional(),
  /** The provider's URN and id, joined by `::`. */
  provider: z.string().optional(),
  created: z.string().optional(),
  inputs: z.record(z.string(), z.unknown()).default({}),
  outputs: z.record(z.string(), z.unknown()).default({}),
});
export type Resource = z.infer<typeof Resource>;

const Export = z.object({
  deployment: z.object({ resources: z.array(Resource).nullish() }).nullish(),
});

/**
 * The resources of a stack.
 *
 * @param text what `pulumi stack export` prints
 */
export function parseResources(text: string): readonly Resource[] {
  return Export.parse(JSON.parse(text)).deployment?.resources ?? [];
}

/** The name that the program gave a resource. */
export function nameOf(urn: string): string {
  return urn.slice(urn.lastIndexOf("::") + 2);
}
