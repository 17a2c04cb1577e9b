import { spawnSync } from "node:child_process";

/** Errors of `sh -n` for a script; the empty text when it is well-formed. */
export function syntaxError(script: string): string {
  const { status, stderr } = spawnSync("sh", ["-n"], { input: script, encoding: "utf8" });
  return status === 0 ? "" : stderr || `sh -n ended with ${status ?? "a signal"}`;
}

/**
 * A script without its quoted parts: what is left is what the shell looks at. A value that stands here unquoted would
 * be split, expanded or run.
 */
export function outsideQuotes(script: string): string {
  return script.replaceAll(/\\'|'[^']*'/g, "");
}
