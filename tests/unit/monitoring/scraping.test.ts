import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { repository } from "../../../infra/images/content";
import { nodeMetricsFolder } from "../../../stacks/contract/node-metrics";
import { farmAlerts } from "../../../stacks/monitoring/alerts/alerts";
import { rulesFile } from "../../../stacks/monitoring/alerts/rules-file";
import { dashboards } from "../../../stacks/monitoring/grafana/dashboards/index";
import { nodesFlags } from "../../../stacks/monitoring/node-flags";
import { probing, rulesPath, scrapingConfig } from "../../../stacks/monitoring/scraping";
import { startProgram, startPrometheus, until } from "../../support/alerting";
import { metricsIn, queriesOf } from "../../support/dashboard-queries";
import { makeCertificate, makeKey } from "../../support/certificates";
import { blackboxProgram, nodeExporterProgram, prometheusProgram, promtool } from "../../support/prometheus";

const target = (service: string, port = 80) => ({ kind: "service" as const, service, port });
const https = { service: "loadbalancer", port: 8443 };
const plans = {
  edge: { protocol: "http" as const, https },
  routes: { shop: { path: "/shop/" }, blog: { path: "/", host: "*.example.com" }, unused: { path: "/unused/" } },
  targets: { shop: target("shop_web"), blog: target("blog_web") },
};
/** The queries of the visualizer's graphs, whose metrics must exist like those of alerts. */
const graphs = readFileSync(join(repository, "apps/visualizer/server/graphs/catalog.ts"), "utf8");
const targets = [
  { service: "shop_web", port: 9100, path: "/stats" },
  { service: "shop_web", port: 9101 },
];
const config = scrapingConfig({ targets, outside: {}, plans, scrapeSeconds: 30, alerting: true });

/** The metrics of an exporter that dashboards show, by the beginning of their names. */
function shown(prefix: string): string[] {
  const all = dashboards({ scrapeSeconds: 30, hasRequests: true, hasProbes: true, hasBackups: true, logStore: "logs" });
  const names = queriesOf(all).flatMap(({ expression }) => metricsIn(expression));
  const found = [...new Set(names)].filter((name) => name.startsWith(prefix));
  expect(found.length).toBeGreaterThan(3);
  return found;
}

let folder: string;
const servers: Server[] = [];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "scraping-"));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  for (const server of servers) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function portOf(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

/** A server of metrics. */
const metrics = (text: string) => portOf(createServer((_, response) => response.end(text)));

test("every task of a target is scraped, by the name of its service", () => {
  expect(config.scrape_configs.slice(0, 2)).toMatchObject([
    {
      job_name: "shop_web:9100/stats",
      metrics_path: "/stats",
      sample_limit: 10_000,
      label_limit: 40,
      dns_sd_configs: [{ names: ["tasks.shop_web"], type: "A", port: 9100 }],
      relabel_configs: [{ target_label: "job", replacement: "shop_web" }],
    },
    { job_name: "shop_web:9101" },
  ]);
});

test("each route with a target is probed through the load balancer, with the host of one that has a host", () => {
  expect(config.scrape_configs[2]).toMatchObject({
    job_name: "monitoring-probes",
    static_configs: [
      { targets: ["https://loadbalancer:8443/shop/"], labels: { route: "shop" } },
      { targets: ["https://loadbalancer:8443/"], labels: { route: "blog", __param_hostname: "probe.example.com" } },
    ],
  });
});

test("routes of the configuration precede those of stacks, gRPC has no page, and without a load balancer none is probed", () => {
  const probed = (edge: object | undefined) =>
    scrapingConfig({
      targets: [],
      outside: {},
      plans: { ...plans, edge: edge && { protocol: "http", ...edge } },
      scrapeSeconds: 30,
      alerting: false,
    });
  const routes = { shop: { path: "/s/" }, blog: { path: "/", protocol: "grpc" } };
  expect(probed({ https, routes }).scrape_configs).toMatchObject([
    { static_configs: [{ targets: ["https://loadbalancer:8443/s/"] }] },
  ]);
  expect(probed({ https, routes: {} }).scrape_configs).toEqual([]);
  expect(probed({}).scrape_configs).toEqual([]);
  expect(probed(undefined)).not.toHaveProperty("alerting");
});

test("a scrape ends before the next begins, also with the shortest interval", () => {
  const { global } = scrapingConfig({ targets, outside: {}, plans, scrapeSeconds: 10, alerting: false });
  expect(parseInt(global.scrape_timeout)).toBeLessThan(parseInt(global.scrape_interval));
});

(promtool === undefined ? test.skip : test)("promtool accepts the configuration", () => {
  writeFileSync(join(folder, "rules.yml"), JSON.stringify(rulesFile(farmAlerts)));
  writeFileSync(join(folder, "prometheus.yml"), JSON.stringify(config).replace(rulesPath, "rules.yml"));
  const { status, stdout } = spawnSync(promtool ?? "", ["check", "config", "prometheus.yml"], {
    cwd: folder,
    encoding: "utf8",
  });
  expect([status, stdout]).toEqual([0, expect.stringContaining("SUCCESS: 16 rules found")]);
});

(prometheusProgram === undefined ? test.skip : test)(
  "a real Prometheus takes what a target may give, nothing of one with too many samples or labels, and says so",
  async () => {
    const good = await metrics("good 1\n");
    const samples = Array.from({ length: 10_001 }, (_, at) => `many{at="${String(at)}"} 1\n`).join("");
    const many = await metrics(samples);
    const labels = Array.from({ length: 41 }, (_, at) => `l${String(at)}="1"`).join();
    const wide = await metrics(`wide{${labels}} 1\n`);
    const lying = await metrics("<html>hello</html>");
    const scrape = [good, many, wide, lying].map((port) => ({ service: "localhost", port }));
    const full = scrapingConfig({
      targets: scrape,
      outside: {},
      plans: { ...plans, edge: undefined },
      scrapeSeconds: 30,
      alerting: false,
    });
    const jobs = full.scrape_configs.map((job, at) => ({
      ...job,
      dns_sd_configs: [],
      scrape_interval: "1s",
      scrape_timeout: "1s",
      static_configs: [{ targets: [`127.0.0.1:${String(scrape[at]?.port)}`] }],
    }));
    const text = JSON.stringify({ ...full, rule_files: [], scrape_configs: jobs });
    const running = await startPrometheus({ "prometheus.yml": text });
    try {
      const query = async (of: string): Promise<Record<string, string>> => {
        const answer = await fetch(
          `http://127.0.0.1:${String(running.port)}/api/v1/query?query=${encodeURIComponent(of)}`,
        );
        const { data } = (await answer.json()) as {
          data: { result: { metric: { instance: string }; value: [number, string] }[] };
        };
        return Object.fromEntries(
          data.result.map(({ metric, value }): [string, string] => [metric.instance.split(":")[1] ?? "", value[1]]),
        );
      };
      await until(async () => Object.keys(await query("up")).length === 4);
      expect(await query("up")).toEqual({
        [String(good)]: "1",
        [String(many)]: "0",
        [String(wide)]: "0",
        [String(lying)]: "0",
      });
      expect(await query("good")).toEqual({ [String(good)]: "1" });
      expect(await query("many")).toEqual({});
    } finally {
      await running.stop();
    }
  },
);

(nodeExporterProgram === undefined || process.getuid?.() !== 0 ? test.skip : test)(
  "a real node exporter has, as nobody, the numbers that alerts are about, and those that programs of the node write",
  async () => {
    const node = mkdtempSync(join(folder, "node-"));
    chmodSync(folder, 0o755);
    chmodSync(node, 0o755);
    for (const kernel of ["proc", "sys"]) symlinkSync(`/${kernel}`, join(node, kernel));
    mkdirSync(join(node, nodeMetricsFolder), { recursive: true });
    writeFileSync(
      join(node, nodeMetricsFolder, "backups.prom"),
      'swarm_farm_backup_last_run_failed{node="worker1"} 1\n',
    );
    const args = ["--reuid", "65534", "--regid", "65534", "--clear-groups", nodeExporterProgram ?? ""];
    const running = await startProgram(
      "setpriv",
      {},
      (_, port) => [...args, ...nodesFlags(node, true), `--web.listen-address=127.0.0.1:${String(port)}`],
      "/metrics",
    );
    try {
      const text = await (await fetch(`http://127.0.0.1:${String(running.port)}/metrics`)).text();
      const alerted = farmAlerts.flatMap(({ expression }) => expression.match(/\bnode_[a-zA-Z_]+/g) ?? []);
      expect(new Set(alerted).size).toBe(6);
      const drawn = graphs.match(/\bnode_[a-zA-Z_]+/g) ?? [];
      for (const name of [...alerted, ...shown("node_"), ...drawn])
        expect(text).toMatch(new RegExp(`^${name}[ {]`, "m"));
      expect(text).toMatch(/^swarm_farm_backup_last_run_failed\{node="worker1"\} 1$/m);
      expect(nodesFlags(node, false).join(" ")).not.toContain("textfile");
      expect(text).not.toMatch(/^node_scrape_collector_success\{.*\} 0$/m);
    } finally {
      await running.stop();
    }
  },
);

(blackboxProgram === undefined ? test.skip : test)(
  "a real blackbox exporter takes a login's 401 for an answer, and fails at an error of a server and without TLS",
  async () => {
    let status = 401;
    const keyFile = makeKey(folder, "key.pem");
    const cert = readFileSync(makeCertificate(folder, "cert.pem", keyFile, "loadbalancer"));
    const key = readFileSync(keyFile);
    const tls = await portOf(createTlsServer({ cert, key }, (_, response) => response.writeHead(status).end()));
    const plain = await metrics("hello");
    const files = { "blackbox.yml": JSON.stringify(probing) };
    const running = await startProgram(
      blackboxProgram ?? "",
      files,
      (own, port) => [`--config.file=${own}/blackbox.yml`, `--web.listen-address=127.0.0.1:${String(port)}`],
      "/-/healthy",
    );
    try {
      const probe = async (url: string) => {
        const query = new URLSearchParams({ module: "route", target: url, hostname: "shop.example.com" });
        return (await fetch(`http://127.0.0.1:${String(running.port)}/probe?${query.toString()}`)).text();
      };
      const answered = await probe(`https://127.0.0.1:${String(tls)}/`);
      expect(answered).toMatch(/^probe_success 1$/m);
      const drawn = graphs.match(/\bprobe_[a-z_]+/g) ?? [];
      for (const name of [...drawn, ...shown("probe_")]) expect(answered).toMatch(new RegExp(`^${name}[ {]`, "m"));
      expect(answered).toMatch(/^probe_ssl_earliest_cert_expiry \S+$/m);
      status = 503;
      expect(await probe(`https://127.0.0.1:${String(tls)}/`)).toMatch(/^probe_success 0$/m);
      expect(await probe(`http://127.0.0.1:${String(plain)}/`)).toMatch(/^probe_success 0$/m);
    } finally {
      await running.stop();
    }
  },
);
