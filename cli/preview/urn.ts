/** The parts of a resource's URN: `urn:pulumi:<stack>::<project>::<parents' types$type>::<name>`. */
export interface ResourceName {
  readonly type: string;
  readonly name: string;
}

/** The type of a resource, without those of its parents, and its name; the name may have `::` in it. */
export function parseUrn(urn: string): ResourceName {
  const [, , types = "", ...name] = urn.split("::");
  return { type: types.split("$").at(-1) ?? "", name: name.join("::") };
}
