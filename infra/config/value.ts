/** Midnight, as Pulumi writes a date that stands without quotes in its YAML. */
const midnight = /^(\d{4}-\d\d-\d\d) 00:00:00 \+0000 UTC$/;

/**
 * A value as its YAML has it, from the text in which Pulumi keeps it: maps, numbers and the like are JSON, everything else
 * is a text. A date stays the date that a person wrote.
 */
export function valueOf(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return dateOf(text);
  }
}

/**
 * `JSON.parse`, with dates as a person wrote them.
 *
 * @throws SyntaxError
 */
export function parseJson(text: string): unknown {
  return JSON.parse(text, (_, value: unknown) => (typeof value === "string" ? dateOf(value) : value)) as unknown;
}

function dateOf(text: string): string {
  return midnight.exec(text)?.[1] ?? text;
}
