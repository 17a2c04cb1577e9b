/** How Pulumi writes a date that its YAML has without quotes: as midnight. */
const midnight = /^(\d{4}-\d\d-\d\d) 00:00:00 \+0000 UTC$/;

/** The value of a text that Pulumi keeps: JSON for maps, lists, numbers and booleans, else the text; a date as it was written. */
export function valueOf(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return dateOf(text);
  }
}

/**
 * `JSON.parse`, with dates as they were written.
 *
 * @throws SyntaxError
 */
export function parseJson(text: string): unknown {
  return JSON.parse(text, (_, value: unknown) => (typeof value === "string" ? dateOf(value) : value)) as unknown;
}

/** A date as it was written, which is a time to YAML and a text to Pulumi; any other text is unchanged. */
export function dateOf(value: string | Date): string {
  if (value instanceof Date) return value.toISOString().replace("T00:00:00.000Z", "");
  return midnight.exec(value)?.[1] ?? value;
}
