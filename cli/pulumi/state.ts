import { z } from "zod";
import { FarmError } from "../base/errors";
import { parseJson } from "./json";

/** The part of a resource of `pulumi stack export` that `./farm` reads. */
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
 * @param text output of `pulumi stack export`
 * @throws FarmError if it is cut off, or has another form
 */
export function parseResources(text: string): readonly Resource[] {
  const { data, error } = Export.safeParse(parseJson(text, "the stack's state"));
  if (data) return data.deployment?.resources ?? [];
  throw unknownForm(error);
}

/** The error of a state that cannot be read. */
export function unknownForm({ issues }: z.ZodError): FarmError {
  const { path = [], message = "" } = issues[0] ?? {};
  return new FarmError(
    `the stack's state is of a form that this version does not know (${path.join(".")}: ${message}): ` +
      "use the version of swarm-farm that wrote it, or a newer one",
  );
}

/** The name that the program gave a resource. */
export function nameOf(urn: string): string {
  return urn.slice(urn.lastIndexOf("::") + 2);
}

/** The outputs of the stack; undefined before its first update. */
export function stackOutputs(resources: readonly Resource[]): Resource["outputs"] | undefined {
  return resources.find(({ type }) => type === "pulumi:pulumi:Stack")?.outputs;
}
