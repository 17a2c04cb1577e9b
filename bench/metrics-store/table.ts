import { median } from "../median";
import { scrapeSeconds } from "./containers";
import type { Figures, Run } from "./measure";

type Value = (figures: Figures, run: Run) => number | undefined;

/** Scrapes of an hour of a farm. */
const scrapesOfHour = 3600 / scrapeSeconds;

const rows: readonly (readonly [title: string, value: Value, digits: number])[] = [
  ["memory at most, MiB", (of) => of.residentPeak, 0],
  ["… of rules of alerts alone", (of) => of.alertsResidentPeak, 0],
  ["memory at the end, MiB", (of) => of.residentEnd, 0],
  ["memory without pages of files, at most, MiB", (of) => of.anonymousPeak, 0],
  ["… of rules of alerts alone", (of) => of.alertsAnonymousPeak, 0],
  ["… at the end, MiB", (of) => of.anonymousEnd, 0],
  ["CPU for a million samples, s", (of) => (of.cpuSeconds / of.samples) * 1e6, 2],
  ["… of rules of alerts alone", (of) => (of.alertsCpuSeconds / of.samples) * 1e6, 2],
  ["CPU in an hour of a farm, s", (of, run) => (of.cpuSeconds / of.samples) * run.samplesOfScrape * scrapesOfHour, 1],
  ["disk for a sample, as it is, bytes", (of) => of.bytesPerSample, 2],
  ["disk for a sample, compacted, bytes", (of) => of.compactedBytesPerSample, 2],
  ["the catalog's queries, one after the other, ms", (of) => of.all, 0],
  ["… the slowest of them", (of) => of.slowest, 1],
  ["… all of them again, ms", (of) => of.cached, 0],
];

/** Medians of all runs as Markdown; the ratio is the median of those of each run. */
export function table(runs: readonly Run[]): string {
  const lines = rows.map(([title, value, digits]) => {
    const of = (store: "prometheus" | "victoria") => runs.map((run) => value(run[store], run) ?? NaN);
    const number = (values: readonly number[], decimals: number) => {
      const middle = median(values);
      return Number.isFinite(middle) && middle !== 0 ? middle.toFixed(decimals) : "";
    };
    const ratios = of("victoria").map((other, at) => other / (of("prometheus")[at] ?? NaN));
    return `| ${title} | ${number(of("prometheus"), digits)} | ${number(of("victoria"), digits)} | ${number(ratios, 2)} |`;
  });
  const least = Math.min(...runs.flatMap((run) => [run.prometheus.scraped, run.victoria.scraped]));
  const differing = [...new Set(runs.flatMap(({ compared }) => compared.differing))];
  const counted = (key: "series" | "otherValues") => runs.reduce((sum, { compared }) => sum + compared[key], 0);
  return [
    "| | Prometheus | VictoriaMetrics and vmalert | ratio |",
    "| --- | --- | --- | --- |",
    ...lines,
    "",
    [
      `${Math.round(median(runs.map(({ samplesOfScrape }) => samplesOfScrape)))} samples in a scrape of all targets`,
      `${(least * 100).toFixed(0)} % of the scrapes or more succeeded`,
      `other series in ${differing.length === 0 ? "no query" : differing.join(", ")}`,
      `of ${counted("series")} last values of series ${counted("otherValues")} differ by more than 5 %`,
    ].join("; "),
  ].join("\n");
}
