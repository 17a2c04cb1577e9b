import { isSecret, type Text } from "../model/text";
import type { Cursor } from "../yaml/cursor";
import { parseDuration, parseSize } from "./units";
import { splitWords } from "./words";

/** Names to texts; undefined for a name without a value. */
export type Mapping = ReadonlyMap<string, Text | undefined>;

/** Seconds. */
export function duration(cursor: Cursor | undefined): number | undefined {
  const text = cursor?.plain();
  if (text === undefined) return undefined;
  return parseDuration(text) ?? cursor?.refuse(`'${text}' is no time`, "write one such as '30s' or '1m30s'");
}

/** Bytes. */
export function size(cursor: Cursor | undefined): number | undefined {
  const text = cursor?.plain();
  if (text === undefined) return undefined;
  return parseSize(text) ?? cursor?.refuse(`'${text}' is no size`, "write one such as '512M' or '1.5G'");
}

/** CPUs. */
export function cpus(cursor: Cursor | undefined): number | undefined {
  const text = cursor?.plain();
  if (text === undefined) return undefined;
  const value = /^\d*\.?\d+$|^\d+\.$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isInteger(Number((value * 1e9).toFixed(3)))) return value;
  return cursor?.refuse(`'${text}' is no number of CPUs`, "write one such as '0.5', with at most nine decimals");
}

/** A list of texts. */
export function texts(cursor: Cursor | undefined): readonly Text[] | undefined {
  if (cursor === undefined) return undefined;
  return cursor.items().flatMap((item) => {
    const text = item.text();
    return text === undefined ? [] : [text];
  });
}

/** A list of texts that are needed before the deployment, or one of them alone. */
export function plains(cursor: Cursor | undefined): readonly string[] | undefined {
  return cursor?.itemsOrSelf().flatMap((item) => item.plain() ?? []);
}

/** A list, or one text that is split as a shell does. */
export function command(cursor: Cursor | undefined): readonly Text[] | undefined {
  if (cursor === undefined || cursor.isList) return texts(cursor);
  const text = cursor.text();
  if (text === undefined) return undefined;
  return splitWords(text) ?? cursor.refuse("a quote or a backslash is open at the end", "close it, or write a list");
}

/** A mapping, or a list of `NAME=value`. Docker prints what YAML made of a number or a date. */
export function mapping(cursor: Cursor | undefined, separator = "="): Mapping {
  if (cursor === undefined) return new Map();
  if (!cursor.isList) return new Map(cursor.entries().map(([name, value]) => [name, scalarText(value)]));
  return new Map(
    cursor.items().flatMap((item): [string, Text | undefined][] => {
      const text = item.text();
      return text === undefined ? [] : [splitPair(text, separator)];
    }),
  );
}

/** Names to texts that are needed before the deployment; empty for a name without a value. */
export function plainMapping(cursor: Cursor | undefined): ReadonlyMap<string, string> {
  const found = [...mapping(cursor)].flatMap(([name, value = ""]): [string, string][] => {
    if (!isSecret(value)) return [[name, value]];
    cursor?.refuse(`'${name}' has a secret variable, and is needed for the preview`, "use a plain variable here");
    return [];
  });
  return new Map(found);
}

/** `NAME=value`; undefined for a name without a value. */
export function splitPair(text: Text, separator: string): [string, Text | undefined] {
  const [first, ...rest] = isSecret(text) ? text.parts : [text];
  const head = typeof first === "string" ? first : "";
  const at = head.indexOf(separator);
  if (at < 0) return [head, undefined];
  const value = head.slice(at + 1);
  return [head.slice(0, at), rest.length === 0 ? value : { parts: [...(value === "" ? [] : [value]), ...rest] }];
}

/** Value of a scalar as a variable or label; a finding reports a value that differs from the text in the file. */
export function scalarText(cursor: Cursor): Text | undefined {
  const { node } = cursor;
  if (node.kind !== "scalar") return cursor.text();
  if (node.type === "null") return undefined;
  if (node.type === "string" || node.type === "secret") return node.value;
  if (node.type === "boolean") {
    cursor.findings.improve(
      cursor.at,
      cursor.path,
      `docker refuses ${node.source} without quotes; here it is the text '${String(node.value)}'`,
    );
    return String(node.value);
  }
  const text = node.type === "date" ? printDate(node.source) : node.text;
  if (text !== node.source)
    cursor.findings.hint(
      cursor.at,
      cursor.path,
      `to YAML '${node.source}' is a ${node.type}, and docker passes '${text}'; here too`,
      `write "${node.source}" in quotes if that is not meant`,
    );
  return text;
}

/** As Go prints a time. */
function printDate(source: string): string {
  const [, date = "", time = "00:00:00", zone = ""] = /^([\d-]+)(?:[Tt ]([\d:.]+))?(.*)$/.exec(source) ?? [];
  const padded = date
    .split("-")
    .map((part) => part.padStart(2, "0"))
    .join("-");
  const clock = time
    .split(":")
    .map((part) => part.padStart(2, "0"))
    .join(":")
    .replace(/\.?0+$/, (zeros) => (time.includes(".") ? "" : zeros));
  const offset = zone === "" || zone === "Z" ? "+0000 UTC" : `${zone.replace(":", "")} ${zone.replace(":", "")}`;
  return `${padded} ${clock} ${offset}`;
}
