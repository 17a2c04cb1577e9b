import type { z } from "zod";

const types: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  object: "a map of keys",
  record: "a map of keys",
  array: "a list",
  boolean: "true or false",
};

/** The values that a schema allows, in the words of a configuration, unless the schema has a message of its own. */
export function allowed(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case "invalid_type":
      return `must be ${types[issue.expected] ?? issue.expected}`;
    case "invalid_value":
      return oneOf(issue.values);
    case "invalid_union":
      return Array.isArray(issue.options) ? oneOf(issue.options) : undefined;
    case "too_small":
      // For texts and lists these are lengths, and no schema asks for a minimum above one.
      return issue.origin === "string" || issue.origin === "array"
        ? "must not be empty"
        : `must be at least ${issue.minimum}`;
    case "too_big":
      return `must be at most ${issue.maximum}`;
    case "invalid_key":
      return issue.issues.map(({ message }) => message).join("; ");
    default:
      return undefined;
  }
}

function oneOf(values: readonly unknown[]): string {
  return `must be one of ${values.map((value) => `'${String(value)}'`).join(", ")}`;
}
