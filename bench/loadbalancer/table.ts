import { median } from "../median";
import type { Figure } from "./measure";

/** Figures of all runs, by case and by subject. */
export type Figures = ReadonlyMap<string, ReadonlyMap<string, readonly Figure[]>>;

/** The subject that each one is compared with: the same program, written by hand. */
const comparedWith: Readonly<Record<string, string>> = {
  "nginx, the farm's": "nginx, by hand",
  "haproxy, the farm's": "haproxy, by hand",
};

/** Medians as Markdown, a table for each case; the ratio is the median of those of each run. */
export function tables(figures: Figures): string {
  return [...figures]
    .map(([name, subjects]) => {
      const rows = [...subjects].map(([subject, measured]) => {
        const other = subjects.get(comparedWith[subject] ?? "");
        const ratio = other ? median(measured.map(({ rate }, at) => rate / (other[at]?.rate ?? NaN))).toFixed(2) : "";
        const p99 = measured.flatMap((figure) => figure.p99 ?? []);
        const rate = String(Math.round(median(measured.map((figure) => figure.rate))));
        return `| ${subject} | ${rate} | ${p99.length > 0 ? median(p99).toFixed(1) : ""} | ${ratio} |`;
      });
      return [`**${name}**`, "", "| | per second | 99 %, ms | ÷ by hand |", "| --- | --- | --- | --- |", ...rows].join(
        "\n",
      );
    })
    .join("\n\n");
}
