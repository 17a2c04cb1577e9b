import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { until } from "../../tests/support/alerting";
import { sumOf } from "./ask";
import { routeNames, scrapeSeconds } from "./containers";
import { askAll, Catalog, type Comparison, type Times } from "./queries";
import { prometheus, victoria, type Store } from "./stores";
import { Targets } from "./targets";
import { Watch } from "./watch";

/** How a farm is measured. */
export interface Conditions {
  readonly nodes: number;
  readonly minutes: number;
  /** Seconds between two scrapes. */
  readonly interval: number;
  /** The folder of VictoriaMetrics and vmalert. */
  readonly bin: string;
}

/** Figures of a store with all its programs. Memory in MiB. */
export interface Figures extends Times {
  /** Largest sum of a second. */
  readonly residentPeak: number;
  readonly residentEnd: number;
  readonly anonymousPeak: number;
  readonly anonymousEnd: number;
  /** The part of the program that evaluates the rules of alerts, where there is one; else 0. */
  readonly alertsResidentPeak: number;
  readonly alertsAnonymousPeak: number;
  readonly cpuSeconds: number;
  readonly alertsCpuSeconds: number;
  /** Samples that the store scraped in this time. */
  readonly samples: number;
  /** The share of its scrapes that succeeded. */
  readonly scraped: number;
  readonly bytesPerSample: number;
  readonly compactedBytesPerSample: number | undefined;
}

/** The result of a run. */
export interface Run {
  readonly prometheus: Figures;
  readonly victoria: Figures;
  readonly samplesOfScrape: number;
  readonly compared: Omit<Comparison, "times">;
}

/** A node exporter's answers, twice. */
export interface Recorded {
  readonly answers: readonly [string, string];
  readonly secondsBetween: number;
}

const noTimes: Times = { all: NaN, slowest: NaN, cached: NaN };

/** Runs both stores beside each other at the same targets. */
export async function measure(conditions: Conditions, recorded: Recorded): Promise<Run> {
  const { nodes, interval, minutes } = conditions;
  const folder = mkdtempSync(join(tmpdir(), "metrics-store-"));
  const targets = new Targets(nodes, recorded.answers, scrapeSeconds / recorded.secondsBetween, interval * 1000);
  await targets.start();
  const stores: Store[] = [];
  try {
    const common = { folder, nodes, interval };
    stores.push(await prometheus(common), await victoria(conditions.bin, common));
    const ups = 2 * nodes + 1 + routeNames.length;
    for (const { url } of stores)
      await until(async () => (await sumOf(url, "max_over_time(up[600s])")) === ups, 300_000);
    const watches = stores.map((store) => ({ store, watch: new Watch(store) }));
    const started = performance.now();
    while (performance.now() < started + minutes * 60_000) {
      await sleep(1000);
      for (const { watch } of watches) watch.look();
    }
    const window = `[${Math.round(performance.now() - started)}ms]`;
    const at = Date.now() / 1000;
    const bytes = await Promise.all(stores.map((store) => store.bytes()));
    const samplesOfScrape = targets.samples;
    // Until both have the samples of this moment.
    await sleep(10_000);
    const figures: Omit<Figures, keyof Times>[] = [];
    for (const [index, { store, watch }] of watches.entries()) {
      const sum = (expression: string) => sumOf(store.url, expression, at);
      const all = await sum("sum_over_time(scrape_samples_scraped[1d])");
      figures.push({
        ...watch.figures(),
        samples: await sum(`sum_over_time(scrape_samples_scraped${window})`),
        scraped: (await sum(`sum_over_time(up${window})`)) / (await sum(`count_over_time(up${window})`)),
        bytesPerSample: (bytes[index] ?? NaN) / all,
        compactedBytesPerSample: await store.compacted(all),
      });
    }
    process.stderr.write(`${JSON.stringify(figures)}\n`);
    const { times, ...compared } = await askAll(stores, await Catalog.load(targets.nodeIds[0] ?? "", interval));
    const [ofPrometheus, ofVictoria] = figures.map((each, at) => ({ ...each, ...(times[at] ?? noTimes) }));
    if (!ofPrometheus || !ofVictoria) throw new Error("nothing was measured");
    return { prometheus: ofPrometheus, victoria: ofVictoria, samplesOfScrape, compared };
  } finally {
    for (const { programs } of stores) for (const program of programs.toReversed()) await program.stop();
    targets.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
