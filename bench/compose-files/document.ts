import { readFileSync } from "node:fs";
import { load } from "js-yaml";

/** The content of a YAML file; undefined where it is none. */
export function documentOf(path: string): unknown {
  try {
    return load(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}

/** The value of a key; undefined where there is none. */
export function entry(value: unknown, name: string): unknown {
  return isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

/** The entries of a mapping; none of anything else. */
export function entriesOf(value: unknown): [name: string, value: unknown][] {
  return isRecord(value) && !Array.isArray(value) ? Object.entries(value) : [];
}

/** The items of a list; none of anything else. */
export function itemsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
