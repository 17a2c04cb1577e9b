/** Quotes a value for a POSIX shell, so that no character of it is taken for syntax. */
export function shellQuote(value: string): string {
  return /^[A-Za-z0-9_./:=@%+-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;
}

/** How every script of ours begins: it ends at the first command that fails and at the first unset variable. */
export const preamble = "set -eu";

/** A script from its lines, with the preamble. */
export function script(...lines: readonly string[]): string {
  return [preamble, ...lines].join("\n");
}

/**
 * Shell text for how long something is waited for: whoever runs `./farm` may say it for all (`FARM_WAIT_SECONDS`).
 *
 * Read when the script runs and not when it is written: another patience is no change of the farm.
 */
export function patience(seconds: number): string {
  return `\${FARM_WAIT_SECONDS:-${String(seconds)}}`;
}

/**
 * Shell text that repeats a condition until it holds, and fails at a deadline with what it waited for.
 *
 * @param seconds how long at the most, unless another patience is asked for
 * @param what    told when the time is up, e.g. `docker to answer`
 * @param explain shell text that prints what may have been the reason. Default: nothing
 */
export function waitUntil(condition: string, seconds: number, what: string, explain?: string): string {
  return [
    `limit=${patience(seconds)}`,
    "deadline=$(( $(date +%s) + limit ))",
    `until ${condition}; do`,
    `  if [ "$(date +%s)" -ge "$deadline" ]; then`,
    `    echo "waited $limit s for "${shellQuote(what)} >&2`,
    ...(explain === undefined ? [] : [`    { ${explain}; } 2>&1 | sed 's/^/    /' >&2 || true`]),
    "    exit 1",
    "  fi",
    "  sleep 0.5",
    "done",
  ].join("\n");
}
