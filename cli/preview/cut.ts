/** Lines that fit, and how many did not. */
export interface Cut {
  readonly lines: readonly string[];
  readonly left: number;
}

/** The first lines that fit into a number of bytes, with their newlines. */
export function cutToFit(lines: readonly string[], bytes: number): Cut {
  let used = 0;
  const end = lines.findIndex((line) => (used += Buffer.byteLength(line) + 1) > bytes);
  return end < 0 ? { lines, left: 0 } : { lines: lines.slice(0, end), left: lines.length - end };
}
