/** A variable whose value the configuration keeps secret; it is read when the stack is deployed. */
export interface SecretVariable {
  readonly variable: string;
}

/** Text with secret variables in it: opaque until the deployment puts their values in. */
export interface SecretText {
  /** Plain text and secret variables, in order; at least one is a variable. */
  readonly parts: readonly (string | SecretVariable)[];
}

/** Text of a compose file after interpolation. */
export type Text = string | SecretText;

/** Whether a text has a secret variable in it. */
export function isSecret(text: unknown): text is SecretText {
  return typeof text === "object" && text !== null && "parts" in text;
}

/** The secret variables of a text, in order. */
export function secretsOf(text: Text): string[] {
  return isSecret(text) ? text.parts.flatMap((part) => (typeof part === "string" ? [] : [part.variable])) : [];
}

/** Joins texts: plain if all are. */
export function join(...texts: readonly Text[]): Text {
  const parts = texts.flatMap((text) => (isSecret(text) ? text.parts : [text])).filter((part) => part !== "");
  return parts.every((part) => typeof part === "string") ? parts.join("") : { parts };
}
