import { markdownTable } from "../../cli/base/markdown-table";
import { limits } from "../../stacks/logs/services";
import { median } from "../median";
import type { Figure } from "./measure";

/** The results of a part of a run. */
export type Run =
  | {
      readonly lines: string;
      readonly tooMuch: Figure;
      /** Undefined where none of the rates was borne. */
      readonly highest: Figure | undefined;
      /** The machine's load average. */
      readonly load: number;
    }
  | { readonly away: Figure }
  | {
      readonly bursts: ReadonlyMap<number, { readonly printed: number; readonly lost: number }>;
    };

/** Whether everything is stored, once, after 10 s at most, and was printed as fast as requested. */
export function isBorne(figure: Figure, rate: number): boolean {
  const { lost, doubled, longestLag, foundAfter } = figure;
  return lost === 0 && doubled === 0 && longestLag < 10 && foundAfter < 10 && figure.rate > 0.95 * rate;
}

const whole = (value: number) => Math.round(value).toLocaleString("en-US");

/** Medians as Markdown. */
export function tables(runs: readonly Run[]): string {
  const loads = runs.flatMap((run) => ("lines" in run ? run : []));
  const aways = runs.flatMap((run) => ("away" in run ? run.away : []));
  const bursts = runs.flatMap((run) => ("bursts" in run ? run.bursts : []));
  const byLines = [...new Set(loads.map(({ lines }) => lines))].map((lines) => {
    const these = loads.filter((run) => run.lines === lines);
    const borne = these.flatMap(({ highest }) => highest ?? []);
    const of = (value: (figure: Figure) => number) => median(borne.map(value));
    const tooMuch = (value: (figure: Figure) => number) => median(these.map((run) => value(run.tooMuch)));
    return [
      lines,
      `${whole(of(({ rate }) => rate))} (${String(borne.length)} of ${String(these.length)})`,
      of(({ longestLag }) => longestLag).toFixed(1),
      `${of(({ senderCpu }) => senderCpu).toFixed(1)}, ${whole((limits.sender.cpus / of(({ senderCpu }) => senderCpu)) * 1e6)}`,
      `${of(({ storeCpu }) => storeCpu).toFixed(1)}, ${whole((limits.store.cpus / of(({ storeCpu }) => storeCpu)) * 1e6)}`,
      whole(tooMuch(({ senderMemory }) => senderMemory)),
      whole(tooMuch(({ storeMemory }) => storeMemory)),
      whole(of(({ diskBytesPerLine }) => diskBytesPerLine)),
      `${whole(tooMuch(({ rate }) => rate))}, ${whole(tooMuch(({ takenRate }) => takenRate))}`,
      whole(tooMuch(({ lost, printed }) => (100 * lost) / printed)),
      median(these.map(({ load }) => load)).toFixed(1),
    ];
  });
  const head =
    "lines|borne, a second|lag, s|CPU of the sender for 1,000 lines, ms, and lines a second of its limit|of the store|sender, MiB|store, MiB|bytes on disk a line|too many: printed a second, taken|lost, %|load";
  const away = (value: (figure: Figure) => number) => median(aways.map(value));
  const rates = [...(bursts[0]?.keys() ?? [])];
  const lostOf = (rate: number) => bursts.map((run) => run.get(rate)?.lost ?? NaN);
  return [
    byLines.length > 0 ? [markdownTable(head.split("|"), byLines)] : [],
    aways.length > 0
      ? markdownTable(
          ["away: lines a second", "caught up after, s", "lost", "doubled", "sender, MiB"],
          [
            [
              whole(away(({ rate }) => rate)),
              away(({ caughtUpAfter }) => caughtUpAfter).toFixed(1),
              ...[
                away(({ lost }) => lost),
                away(({ doubled }) => doubled),
                away(({ senderMemory }) => senderMemory),
              ].map(whole),
            ],
          ],
        )
      : [],
    bursts.length > 0
      ? markdownTable(
          ["a burst after quiet, lines a second", "lost, each run"],
          rates.map((rate) => [whole(rate), lostOf(rate).map(whole).join("; ")]),
        )
      : [],
  ]
    .flat()
    .join("\n\n");
}
