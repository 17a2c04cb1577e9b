/** A JSON value. */
export type Json = null | boolean | number | string | Json[] | JsonObject;
/** An interface, since a type cannot name itself within a Record. */
export interface JsonObject {
  [key: string]: Json;
}

/** The replacement of a secret. */
export const secretText = "[secret]";
const unknownText = "[unknown]";

/** The key that marks an object as an encoded Pulumi value, e.g. a secret or an asset. */
const signature = "4dabf18193072939515e22adb298388d";
const secret = "1b47061264138c4ac30d75fd1eb44270";
const asset = "c44067f5952c0a294b673a41bacd8c17";
const archive = "0def7320c3a5731c473e5ecbe6d01bc7";
const resourceReference = "5cf8f73096256a8f31e491e813e4eb8e";
const output = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
/** The sentinels of values that are known after the update, by type. */
const unknowns = new Set([
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/**
 * A value as a person reads it: Pulumi's own forms by their names, and texts that hold JSON opened, since it is there
 * that a change has to be found. A secret is `[secret]` at any depth, whatever else its envelope holds.
 */
export function readable(value: Json): Json {
  if (typeof value === "string") return readableText(value);
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(readable);
  if (signature in value) return readableForm(value);
  const entries = Object.entries(value).filter(([key]) => !key.startsWith("__"));
  return Object.fromEntries(entries.map(([key, part]) => [key, readable(part)]));
}

function readableText(text: string): Json {
  if (unknowns.has(text)) return unknownText;
  const opened = openJson(text);
  if (opened !== undefined) return readable(opened);
  // The envelope of a secret in a text that is not quite JSON: nothing tells where the secret ends.
  return text.includes(secret) ? secretText : text;
}

/** The value of a text, if it is JSON of more than one value. */
function openJson(text: string): Json | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

function readableForm(form: JsonObject): Json {
  switch (form[signature]) {
    case asset:
    case archive:
      return `[${form[signature] === asset ? "file" : "archive"} ${textOf(form.path ?? form.uri)} ${textOf(form.hash).slice(0, 12)}]`;
    case resourceReference:
      return `[resource ${textOf(form.urn)}]`;
    case output:
      if (form.secret === true) return secretText;
      return form.value === undefined ? unknownText : readable(form.value);
    default:
      // A secret, or an unknown form, whose content is not shown.
      return secretText;
  }
}

function textOf(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}
