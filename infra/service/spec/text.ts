import type * as pulumi from "@pulumi/pulumi";

/** Text that another resource may produce, or that is secret. */
export type Text = pulumi.Input<string>;

/** Text by name. The order of the names has no meaning: they are sent sorted. */
export type Texts = Readonly<Record<string, Text>>;

/** Text by name, sorted: the same arguments are the same bytes, however they were put together. */
export function sorted<T extends Text>(texts: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(texts).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Labels as the provider takes them. */
export function labelList(texts: Texts): { label: string; value: Text }[] {
  return Object.entries(sorted(texts)).map(([label, value]) => ({ label, value }));
}

/** A list that the provider may keep, or nothing where it is empty. */
export function filled<T>(list: readonly T[] | undefined): T[] | undefined {
  return list === undefined || list.length === 0 ? undefined : [...list];
}

/** The same for text by name. */
export function filledMap(texts: Texts | undefined): Record<string, Text> | undefined {
  return texts === undefined || Object.keys(texts).length === 0 ? undefined : sorted(texts);
}
