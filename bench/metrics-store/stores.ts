import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { prometheusProgram } from "../../tests/support/prometheus";
import { farmAlerts } from "../../stacks/monitoring/alerts/alerts";
import { rulesFile } from "../../stacks/monitoring/alerts/rules-file";
import { prometheusFlags } from "../../stacks/monitoring/prometheus-flags";
import { Monitoring } from "../../stacks/monitoring/schema";
import { rulesPath, scrapingConfig } from "../../stacks/monitoring/scraping";
import { services } from "../../stacks/monitoring/services";
import { get } from "./ask";
import { routeNames, scrapeSeconds } from "./containers";
import { bytesOf, start, type Program } from "./programs";
import { addressOf, ports } from "./targets";
import { until } from "../../tests/support/alerting";
import { sum } from "../sum";

/** A store of metrics with all that evaluates the farm's rules of alerts. */
export interface Store {
  /** The store itself, then those that it needs beside it. */
  readonly programs: readonly Program[];
  readonly url: string;
  /** Parameters of queries whose answers are not to come from a cache. */
  readonly uncached: string;
  /** Bytes on disk now, all that is in memory written. */
  bytes(): Promise<number>;
  /** Bytes for a sample of data that is compacted, as most of a farm's is; undefined if none is yet. */
  compacted(samples: number): Promise<number | undefined>;
}

/** The defaults of the key `monitoring`. */
const sizes = Monitoring.parse({});

/** The share of a container's limit that VictoriaMetrics takes by itself. */
const allowedShare = 0.6;

/** The conditions that are the same for all stores. */
export interface Common {
  readonly folder: string;
  readonly nodes: number;
  /** Seconds between two scrapes. */
  readonly interval: number;
}

/** Starts Prometheus as a farm does. */
export async function prometheus({ folder, nodes, interval }: Common): Promise<Store> {
  const data = join(folder, "prometheus");
  const url = "http://127.0.0.1:9090";
  if (prometheusProgram === undefined) throw new Error("Debian's Prometheus cannot be had: apt-get update");
  const args = [
    ...prometheusFlags(sizes),
    `--config.file=${configured(folder, nodes, interval)}`,
    `--storage.tsdb.path=${data}`,
    "--web.listen-address=127.0.0.1:9090",
    // Data is compacted after two hours of a farm, and not after two of the bench.
    `--storage.tsdb.min-block-duration=${text(7200 / (scrapeSeconds / interval))}`,
  ];
  const program = await start(prometheusProgram, args, join(folder, "prometheus.log"), `${url}/-/ready`);
  return {
    programs: [program],
    url,
    uncached: "",
    bytes: () => Promise.resolve(bytesOf(data)),
    compacted: () => {
      const blocks = readdirSync(data).filter((name) => /^[0-9A-Z]{26}$/.test(name));
      const samples = blocks.map(
        (name) =>
          (JSON.parse(readFileSync(join(data, name, "meta.json"), "utf8")) as { stats: { numSamples: number } }).stats
            .numSamples,
      );
      const bytes = blocks.map((name) => bytesOf(join(data, name)));
      return Promise.resolve(blocks.length === 0 ? undefined : sum(bytes) / sum(samples));
    },
  };
}

/**
 * Starts VictoriaMetrics, and vmalert for the rules.
 *
 * @param bin the folder with both programs
 */
export async function victoria(bin: string, { folder, nodes, interval }: Common): Promise<Store> {
  const data = join(folder, "victoria");
  const url = "http://127.0.0.1:8428";
  const store = await start(
    join(bin, "victoria-metrics"),
    [
      `-storageDataPath=${data}`,
      `-retentionPeriod=${sizes.retentionDays}d`,
      `-memory.allowedBytes=${Math.floor(sizes.memoryMiB * allowedShare)}MiB`,
      `-promscrape.config=${configured(folder, nodes, interval)}`,
      // It has no limit of targets, of the length of names, and of the size of an answer by Prometheus' name.
      "-promscrape.config.strictParse=false",
      "-httpListenAddr=127.0.0.1:8428",
      "-search.maxConcurrentRequests=4",
      "-search.maxSamplesPerQuery=5000000",
      "-search.maxQueryDuration=30s",
      // By default a sample is seen after 30 s.
      "-search.latencyOffset=0s",
      "-loggerLevel=WARN",
    ],
    join(folder, "victoria.log"),
    `${url}/health`,
  );
  const alerts = await start(
    join(bin, "vmalert"),
    [
      `-rule=${rules(folder)}`,
      `-evaluationInterval=${text(interval)}`,
      "-rule.evalDelay=0s",
      `-datasource.url=${url}`,
      // So that an alert's waiting time survives a restart, as in Prometheus.
      `-remoteWrite.url=${url}`,
      `-remoteRead.url=${url}`,
      "-notifier.blackhole",
      "-httpListenAddr=127.0.0.1:8880",
      "-loggerLevel=WARN",
    ],
    join(folder, "vmalert.log"),
    "http://127.0.0.1:8880/health",
  );
  const flush = () => get(`${url}/internal/force_flush`);
  return {
    programs: [store, alerts],
    url,
    uncached: "nocache=1",
    bytes: async () => {
      await flush();
      return bytesOf(data);
    },
    compacted: async (samples) => {
      await flush();
      await get(`${url}/internal/force_merge`);
      const merges = async () => /^vm_active_force_merges (\d+)$/m.exec(await textOf(`${url}/metrics`))?.[1];
      await until(async () => (await merges()) === "0", 120_000);
      return bytesOf(data) / samples;
    },
  };
}

/** Writes the farm's configuration of scrapes, with addresses in place of the names of services, and the bench's interval. */
function configured(folder: string, nodes: number, interval: number): string {
  const all = Array.from({ length: nodes }, (_, at) => addressOf(at));
  const once = [addressOf()];
  const jobs = [
    { name: services.nodes.name, port: ports.nodes, addresses: all },
    { name: services.exporter.name, port: ports.exporter, addresses: all },
    { name: services.swarm.name, port: ports.swarm, addresses: once },
  ];
  const { global, scrape_configs, ...others } = scrapingConfig({
    targets: jobs.map(({ name, port }) => ({ service: name, port })),
    outside: {},
    plans: {
      edge: { protocol: "http", https: { service: "loadbalancer", port: 8443 } },
      routes: Object.fromEntries(routeNames.map((name) => [name, { path: `/${name}/` }])),
      targets: Object.fromEntries(routeNames.map((name) => [name, { kind: "service", service: name, port: 80 }])),
    },
    scrapeSeconds,
    alerting: false,
  });
  const config = {
    ...others,
    global: {
      ...global,
      scrape_interval: text(interval),
      scrape_timeout: text(Math.min(parseInt(global.scrape_timeout), interval)),
      evaluation_interval: text(interval),
    },
    scrape_configs: scrape_configs.map((job) => {
      const own = jobs.find(({ name, port }) => job.job_name === `${name}:${port}`);
      return own === undefined
        ? job
        : {
            ...job,
            dns_sd_configs: undefined,
            static_configs: [{ targets: own.addresses.map((address) => `${address}:${own.port}`) }],
          };
    }),
  };
  const file = join(folder, "prometheus.yml");
  writeFileSync(
    file,
    JSON.stringify(config)
      .replaceAll(`${services.probes.name}:${services.probes.port}`, `${addressOf()}:${ports.probes}`)
      .replace(rulesPath, rules(folder)),
  );
  return file;
}

function rules(folder: string): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "rules.yml");
  writeFileSync(file, JSON.stringify(rulesFile(farmAlerts)));
  return file;
}

/** Seconds as a duration of Prometheus, which has no fractions. */
function text(seconds: number): string {
  return `${Math.round(seconds * 1000)}ms`;
}

async function textOf(url: string): Promise<string> {
  return (await get(url)).text();
}
