import { nameOf, type Resource } from "../../pulumi/state";

/**
 * The digests that a farm's images of other registries have, by reference: a farm keeps its images also where the cache is lost, or
 * another machine runs `./farm`.
 */
export function digestsIn(resources: readonly Resource[]): ReadonlyMap<string, string> {
  return new Map(
    resources.flatMap(({ urn, type, inputs, outputs }): [string, string][] => {
      if (type !== "command:local:Command" || !nameOf(urn).endsWith("-push")) return [];
      const { REFERENCE } = (inputs.environment ?? {}) as Readonly<Record<string, unknown>>;
      const { stdout } = outputs;
      return typeof REFERENCE === "string" && typeof stdout === "string" && /^sha256:[0-9a-f]{64}$/.test(stdout)
        ? [[REFERENCE, stdout]]
        : [];
    }),
  );
}
