/**
 * Columns side by side, as wide as their widest cell. Where a line would be wider than the terminal, each row is a paragraph
 * instead: its first cell, and a line for each other one.
 *
 * @param columns the terminal's. Default: unlimited
 */
export function table(header: readonly string[], rows: readonly (readonly string[])[], columns = Infinity): string[] {
  const widths = header.map((title, at) => Math.max(title.length, ...rows.map((row) => row[at]?.length ?? 0)));
  const lines = [header, ...rows].map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  if (lines.every((line) => line.length <= columns)) return lines;
  return rows.flatMap(([first = "", ...others]) => [
    first,
    ...others.map((cell, at) => `  ${(header[at + 1] ?? "").toLowerCase()}: ${cell}`),
  ]);
}
