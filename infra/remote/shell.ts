/** Quotes a value for a POSIX shell. */
export function shellQuote(value: string): string {
  return /^[A-Za-z0-9_./:=@%+-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;
}

/**
 * A script of one or two commands that stops at the first one that fails, and at an unset variable. Longer ones are files:
 * see `scriptsIn`.
 */
export function script(...lines: readonly string[]): string {
  return ["set -eu", ...lines].join("\n");
}
