import type { Json } from "./values";

/** The value at a path as providers write it: `mode.replicated`, `disks[0].volumeId`, `labels["com.example"]`. */
export function valueAt(value: Json, path: string): Json | undefined {
  let at: Json | undefined = value;
  for (const key of segments(path)) {
    if (at === null || typeof at !== "object") return undefined;
    at = (at as Readonly<Record<string, Json | undefined>>)[key];
  }
  return at;
}

function segments(path: string): string[] {
  const parts = path.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|([^.[\]]+)/g);
  return Array.from(parts, ([, quoted, index, key]) => quoted?.replaceAll(/\\(.)/g, "$1") ?? index ?? key ?? "");
}
