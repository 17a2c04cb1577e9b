import { statSync } from "node:fs";

const units = ["B", "KiB", "MiB", "GiB", "TiB"];

/** The size of a file, e.g. `1.4 MiB`. */
export function sizeOf(file: string): string {
  let size = statSync(file).size;
  let unit = 0;
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit += 1;
  }
  const digits = unit > 0 && size < 10 ? 1 : 0;
  return `${size.toFixed(digits)} ${units[unit] ?? ""}`;
}
