import type { Json, JsonObject } from "./recording-api";

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An empty object where there is none. */
export function object(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}

/** An empty list where there is none. */
export function list(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}

/** A text that says something. */
export function text(value: Json | undefined): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** A map with each value changed. */
export function mapped<T>(all: ReadonlyMap<string, T>, change: (value: T) => T): ReadonlyMap<string, T> {
  return new Map([...all].map(([name, value]) => [name, change(value)]));
}
