import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { parseConfig } from "../../../stacks/config";
import { stacks } from "../../../stacks/index";
import { plansOf } from "../../../stacks/plans";
import { scrapingConfig } from "../../../stacks/monitoring/scraping";
import { Targets } from "../../../stacks/monitoring/targets/schema";
import { startProgram, startPrometheus, until } from "../../support/alerting";
import { withStacks } from "../../support/configs";
import { nodeExporterProgram, prometheusProgram, promtool } from "../../support/prometheus";
import { refusal } from "../../support/refusal";
import { serve } from "../../support/serve";

const host = { address: "192.168.1.10:9100" };
const refused = (targets: unknown) => refusal(withStacks({ monitoring: { targets } }));

/** Prometheus' configuration with these targets and no others. */
const scraped = (targets: object) =>
  scrapingConfig({
    targets: [],
    outside: Targets.parse(targets),
    plans: { edge: undefined, routes: {}, targets: {} },
    scrapeSeconds: 30,
    alerting: false,
  });

test("a target is scraped at its address alone, with its name as job, its labels and the limits of all targets", () => {
  const targets = { left: { ...host, kind: "hypervisor", path: "/m", scheme: "https", labels: { rack: "a" } } };
  expect(scraped(targets).scrape_configs).toEqual([
    expect.objectContaining({
      job_name: "left",
      metrics_path: "/m",
      scheme: "https",
      follow_redirects: false,
      sample_limit: 10_000,
      label_limit: 40,
      body_size_limit: "4MB",
      static_configs: [{ targets: ["192.168.1.10:9100"], labels: { rack: "a", kind: "hypervisor" } }],
    }),
  ]);
  expect(scraped({ nas: host }).scrape_configs).toMatchObject([
    { metrics_path: "/metrics", scheme: "http", static_configs: [{ labels: { kind: "other" } }] },
  ]);
});

test("alerts about hosts are there where a target is one", () => {
  const names = (targets: object) =>
    plansOf(stacks, parseConfig(withStacks({ monitoring: { targets } }))).alerts.map(({ name }) => name);
  expect(names({ left: { ...host, kind: "hypervisor" } })).toEqual(
    expect.arrayContaining(["HostDown", "HostDiskFull"]),
  );
  expect(names({ nas: host })).not.toContain("HostDown");
});

const addressMessage = "must be a host with its port, e.g. 192.168.1.10:9100";

test.each([
  ...["192.168.1.10", "192.168.1.10:0", "192.168.1.10:65536", "192.168.1.256:9100", "1.2.3:9100", ":9100", "a b:9100"],
  ...["http://a:9100", "a:9100/metrics", "A.example.com:9100", "a_b:9100", "[::1]:9100", "a:9100,b:9100", "${a}:1", ""],
])("the address '%s' is refused", (address) => {
  expect(refused({ left: { address } })).toEqual([
    `monitoring.targets.left.address: is ${JSON.stringify(address)}; ${addressMessage}`,
  ]);
});

test.each(["127.0.0.1:9100", "127.1.2.3:9100", "localhost:9100", "a.localhost:9100", "0.0.0.0:9100"])(
  "the address '%s' is Prometheus' own, and refused",
  (address) => {
    expect(refused({ left: { address } })).toEqual([
      `monitoring.targets.left.address: is '${address}', which is in Prometheus' own container; write the host's address, as nodes reach it`,
    ]);
  },
);

const labelMessage = "must be letters, digits and _, not beginning with a digit or __, e.g. rack";

test.each<[string, object, string]>([
  ["no address", {}, "monitoring.targets.left.address: is missing; must be a text"],
  [
    "another kind",
    { ...host, kind: "host" },
    "monitoring.targets.left.kind: is \"host\"; must be one of 'hypervisor', 'other'",
  ],
  [
    "another scheme",
    { ...host, scheme: "ftp" },
    "monitoring.targets.left.scheme: is \"ftp\"; must be one of 'http', 'https'",
  ],
  [
    "a query",
    { ...host, path: "/probe?target=a" },
    'monitoring.targets.left.path: is "/probe?target=a"; must be a path such as /metrics',
  ],
  [
    "half a path",
    { ...host, path: "metrics" },
    'monitoring.targets.left.path: is "metrics"; must be a path such as /metrics',
  ],
  [
    "a login",
    { ...host, password: "x" },
    "monitoring.targets.left.password: is no known key; see docs/configuration.md",
  ],
  [
    "many labels",
    { ...host, labels: Object.fromEntries(Array.from({ length: 11 }, (_, at) => [`l${String(at)}`, "a"])) },
    "must have at most 10 labels",
  ],
  [
    "a label of Prometheus",
    { ...host, labels: { job: "a" } },
    "must not be one of job, instance, kind, alertname, severity, which are set already",
  ],
  ["a label for Prometheus alone", { ...host, labels: { __address__: "a" } }, labelMessage],
  ["a label with a dash", { ...host, labels: { "data-center": "a" } }, labelMessage],
])("%s is refused", (_, target, message) => {
  expect(refused({ left: target }).join("\n")).toContain(message);
});

test("names and addresses are those of one target each", () => {
  const message = "has the name of a service that is scraped already, and so its label job; choose another";
  const names = ["lamp-mysql-exporter", "monitoring-nodes", "monitoring-probes", "monitoring-exporter"];
  const targets = Object.fromEntries(names.map((name, at) => [name, { address: `192.168.1.${String(at + 1)}:9100` }]));
  expect(refused(targets)).toEqual(names.map((name) => `monitoring.targets.${name}: ${message}`));
  expect(refused({ left: host, again: host, other: { ...host, path: "/other" } })).toEqual([
    "monitoring.targets.again: is http://192.168.1.10:9100/metrics, which is 'left' already; remove one of them",
  ]);
  expect(refused({ Left: host }).join()).toContain("must be lower-case letters");
});

test("there is an end to them", () => {
  const many = (count: number) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, at) => [`t${String(at)}`, { address: `10.0.0.1:${String(at + 1)}` }]),
    );
  expect(refused(many(101)).join()).toContain("must have at most 100 targets");
  expect(scraped(many(100)).scrape_configs).toHaveLength(100);
});

test("any address and port that there can be is taken as it is", () => {
  const octet = fc.integer({ min: 1, max: 223 }).filter((first) => first !== 127);
  const byte = fc.integer({ min: 0, max: 255 });
  const label = fc.stringMatching(/^[a-z]([a-z0-9-]{0,20}[a-z0-9])?$/);
  const hosts = fc.oneof(
    fc.tuple(octet, byte, byte, byte).map((all) => all.join(".")),
    fc.array(label, { minLength: 1, maxLength: 4 }).map((all) => all.join(".")),
  );
  fc.assert(
    fc.property(hosts, fc.integer({ min: 1, max: 65_535 }), (name, port) => {
      const address = `${name}:${String(port)}`;
      expect(Targets.parse({ a: { address } }).a?.address).toBe(address);
    }),
  );
});

const all = {
  left: { ...host, kind: "hypervisor", labels: { rack: "a", floor: 3 } },
  right: { address: "right.example.com:9100", scheme: "https", path: "/node/metrics" },
};

(promtool === undefined ? test.skip : test)("promtool accepts the configuration", () => {
  const folder = mkdtempSync(join(tmpdir(), "targets-"));
  try {
    writeFileSync(join(folder, "prometheus.yml"), JSON.stringify({ ...scraped(all), rule_files: [] }));
    const options = { cwd: folder, encoding: "utf8" } as const;
    const { status, stdout } = spawnSync(promtool ?? "", ["check", "config", "prometheus.yml"], options);
    expect([status, stdout]).toEqual([0, expect.stringContaining("SUCCESS")]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

(prometheusProgram === undefined || nodeExporterProgram === undefined ? test.skip : test)(
  "a real Prometheus has the numbers of a host's real node exporter, and follows no target to another one",
  async () => {
    const exporter = await startProgram(
      nodeExporterProgram ?? "",
      {},
      (_, port) => [
        "--collector.disable-defaults",
        "--collector.filesystem",
        "--collector.loadavg",
        "--collector.meminfo",
        `--web.listen-address=127.0.0.1:${String(port)}`,
      ],
      "/metrics",
    );
    const address = `127.0.0.1:${String(exporter.port)}`;
    const away = await serve((_, response) => {
      response.writeHead(302, { location: `http://${address}/metrics` }).end();
    });
    const config = scraped({
      left: { ...all.left, address },
      away: { address: `127.0.0.1:${String(away.port)}` },
    });
    const jobs = config.scrape_configs.map((job) => ({ ...job, scrape_interval: "1s", scrape_timeout: "1s" }));
    const text = JSON.stringify({ ...config, rule_files: [], scrape_configs: jobs });
    const running = await startPrometheus({ "prometheus.yml": text });
    try {
      const query = async (of: string) => {
        const url = `http://127.0.0.1:${String(running.port)}/api/v1/query?query=${encodeURIComponent(of)}`;
        const { data } = (await (await fetch(url)).json()) as {
          data: { result: { metric: Record<string, string>; value: [number, string] }[] };
        };
        return data.result.map(({ metric, value }) => ({ ...metric, value: value[1] }));
      };
      await until(async () => (await query("up")).length === 2);
      expect(await query('up{job="away"}')).toMatchObject([{ value: "0" }]);
      expect(await query("node_load1")).toMatchObject([
        { job: "left", instance: address, kind: "hypervisor", rack: "a", floor: "3" },
      ]);
      for (const name of ["node_filesystem_avail_bytes", "node_memory_MemAvailable_bytes"])
        expect((await query(`count(${name}{kind="hypervisor"})`)).length).toBe(1);
    } finally {
      await running.stop();
      await exporter.stop();
      await away.stop();
    }
  },
);
