import type { Position } from "../model/position";
import { isSecret, secretsOf, type Text } from "../model/text";
import type { Cursor } from "../yaml/cursor";
import type { BuildPart, Placed } from "./part";
import { scalarText, splitPair } from "./values";

/** The platform of the nodes, and the only one that images are built for. */
export const buildPlatform = "linux/amd64";

/** The key `build` of one file. */
export function build(
  cursor: Cursor | undefined,
  variable: (name: string, at: Position) => Text | undefined,
): BuildPart | undefined {
  if (cursor === undefined) return undefined;
  checkPlatforms(cursor.get("platforms"));
  const where = cursor.isMap ? cursor.get("context") : cursor;
  const folder = context(where);
  // One that is refused is not the default.
  if (where !== undefined && folder === undefined) return undefined;
  return {
    at: cursor.at,
    context: folder,
    dockerfile: placed(cursor.get("dockerfile")),
    args: args(cursor.get("args"), variable),
    target: cursor.get("target")?.plain(),
  };
}

function context(cursor: Cursor | undefined): Placed | undefined {
  const found = placed(cursor);
  return found !== undefined && /^[a-z+]+:\/\/|^git@|^github\.com\//.test(found.value)
    ? cursor?.refuse(
        `the context '${found.value}' is no folder beside the file`,
        "put it there, and write a path below the file's folder",
      )
    : found;
}

function placed(cursor: Cursor | undefined): Placed | undefined {
  const value = cursor?.plain();
  return cursor === undefined || value === undefined ? undefined : { value, at: cursor.at, path: cursor.path };
}

/** An argument without a value has that of the configuration's variable of its name, or is left out. */
function args(
  cursor: Cursor | undefined,
  variable: (name: string, at: Position) => Text | undefined,
): BuildPart["args"] {
  return new Map(
    pairs(cursor).flatMap(([name, text, item]): [string, string][] => {
      const value = text ?? variable(name, item.at);
      if (value === undefined) return [];
      if (!isSecret(value)) return [[name, value]];
      item.refuse(
        `the variable '${secretsOf(value).join("', '")}' is secret, and everybody who has the image can read its arguments`,
        "give it to the service, with 'secrets'",
      );
      return [];
    }),
  );
}

function pairs(cursor: Cursor | undefined): (readonly [name: string, value: Text | undefined, at: Cursor])[] {
  if (cursor?.isList !== true)
    return (cursor?.entries() ?? []).map(([name, value]) => [name, scalarText(value), value] as const);
  return cursor.items().flatMap((item) => {
    const text = item.text();
    return text === undefined ? [] : [[...splitPair(text, "="), item] as const];
  });
}

function checkPlatforms(cursor: Cursor | undefined): void {
  for (const item of cursor?.items() ?? []) {
    const platform = item.plain();
    if (platform !== undefined && platform !== buildPlatform)
      item.refuse(
        `'${platform}' is not the platform of the nodes, ${buildPlatform}, for which images are built`,
        "leave it out",
      );
  }
}
