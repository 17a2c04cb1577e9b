import { readdirSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { z } from "zod";
import { parseConfig } from "../../../stacks/config";
import { stacks } from "../../../stacks/index";
import { rulesFile } from "../../../stacks/monitoring/alerts/rules-file";
import { dashboards } from "../../../stacks/monitoring/grafana/dashboards/index";
import { measuredBy } from "../../../stacks/monitoring/grafana/dashboards/measured";
import { provisioning } from "../../../stacks/monitoring/grafana/provisioning";
import { scrapingConfig } from "../../../stacks/monitoring/scraping";
import { services } from "../../../stacks/monitoring/services";
import { plansOf } from "../../../stacks/plans";
import { startPrometheus, until, type Program } from "../../support/alerting";
import { withStacks } from "../../support/configs";
import { Answer, filledIn, metricsIn, queriesOf, variablesOf, withoutData } from "../../support/dashboard-queries";
import { prometheusProgram } from "../../support/prometheus";
import { repository } from "../../support/sources";

const plansWith = (changes: object) => plansOf(stacks, parseConfig(withStacks({ monitoring: {}, ...changes })));
const plans = plansWith({ logs: {}, backups: { to: { folder: "/mnt/backups" } } });
const all = dashboards(measuredBy(plans, 30));
const queries = queriesOf(all);

test("there is one for the farm, and for a node, a service and a route that a person chooses", () => {
  expect(Object.keys(all)).toEqual(["farm", "node", "service", "route"]);
  expect(variablesOf(all)).toEqual({
    node: { metric: 'node_uname_info{job="monitoring-nodes"}', label: "nodename" },
    service: { metric: "swarm_farm_service_desired_tasks", label: "service" },
    route: { metric: "swarm_farm_requests_total", label: "route" },
  });
});

test("every panel has a title, a description and its place, and none lies on another", () => {
  for (const { uid, panels } of Object.values(all)) {
    expect(uid).toMatch(/^swarm-farm-[a-z]+$/);
    expect(new Set(panels.map(({ title }) => title)).size).toBe(panels.length);
    const cells = panels.flatMap(
      ({ title, description = "", gridPos: { x, y, w, h } = { x: 0, y: 0, w: 0, h: 0 } }) => {
        expect(title).toMatch(/^[A-Z]/);
        expect(description).toMatch(/\.$/);
        expect(x + w).toBeLessThanOrEqual(24);
        return Array.from({ length: w * h }, (_, at) => `${String(x + (at % w))} ${String(y + Math.floor(at / w))}`);
      },
    );
    expect(cells.length).toBeGreaterThan(0);
    expect(new Set(cells).size).toBe(cells.length);
  }
});

test("a variable's query is text, as every version of Grafana takes it, and is asked again with the time range", () => {
  const [, node] = all.node?.templating.list ?? [];
  expect(node).toMatchObject({
    type: "query",
    name: "node",
    query: 'label_values(node_uname_info{job="monitoring-nodes"}, nodename)',
    refresh: 2,
  });
});

test("all data is that of the data source that a person chooses, sampled as the farm scrapes", () => {
  const sources = JSON.stringify(all).match(/"datasource":\{.*?"\}/g) ?? [];
  expect([...new Set(sources)]).toEqual(['"datasource":{"type":"prometheus","uid":"${datasource}"}']);
  const intervals = JSON.stringify(dashboards(measuredBy(plans, 60))).match(/"interval":"[^"]*"/g) ?? [];
  expect([...new Set(intervals)]).toEqual(['"interval":"60s"']);
  expect(intervals.length).toBe(queries.length);
});

test.each<[string, object, RegExp]>([
  ["load balancer", { loadbalancer: undefined }, /swarm_farm_requests|probe_/],
  ["backups", { logs: {} }, /backup/],
  ["logs", { backups: { to: { folder: "/mnt/backups" } } }, /\bvl_|vlagent/],
])("without %s there is no panel about it", (_, changes, metrics) => {
  const expressions = queriesOf(dashboards(measuredBy(plansWith(changes), 30))).map(({ expression }) => expression);
  expect(expressions.filter((each) => metrics.test(each))).toEqual([]);
  expect(queries.filter(({ expression }) => metrics.test(expression))).not.toEqual([]);
});

test("each file of Grafana fits a Swarm config", () => {
  const files = provisioning(all, { url: "http://prometheus:9090", scrapeSeconds: 30 });
  expect(files.map(({ path }) => path)).toEqual([
    "/etc/grafana/provisioning/datasources/farm.yaml",
    "/etc/grafana/provisioning/dashboards/farm.yaml",
    ...["farm", "node", "service", "route"].map((name) => `/etc/grafana/dashboards/${name}.json`),
  ]);
  for (const { content } of files) expect(content.length).toBeLessThan(500_000);
});

test.each([
  ['count(a{b="c"}) or vector(0)', ["a"]],
  ['(1 - avg by (x, y) (rate(a_b{c!="d"}[2m]))) * on (z) group_left (n) d:e', ["a_b", "d:e"]],
  ['sum(a < bool b) and on (c) label_replace(d, "e", "$1", "f", "(.*)")', ["a", "b", "d"]],
  ["time() - 14 * 86400", []],
])("the metrics of %s", (expression, metrics) => {
  expect(metricsIn(expression)).toEqual(metrics);
});

test("variables are filled in as Grafana does, and nothing else is", () => {
  expect(filledIn('rate(a{n="$node"}[$__rate_interval]) $1 ${node}x $nodes', { node: "m1" })).toBe(
    'rate(a{n="m1"}[2m]) $1 m1x $nodes',
  );
});

/** The answers of the farm's exporters to a scrape. */
const samples: Readonly<Record<string, string>> = {
  [services.nodes.name]: "node-exporter",
  [services.swarm.name]: "exporter-swarm",
  [services.exporter.name]: "exporter",
  [services.probes.name]: "blackbox-exporter",
  "logs-store": "victoria-logs",
  "logs-tasks": "vlagent",
};

const sample = (name: string) => readFileSync(join(repository, "tests/support/metrics", `${name}.prom`), "utf8");

test("what was recorded of the farm's own exporter has names that it still has", () => {
  const folder = join(repository, "apps/exporter/internal");
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) =>
    /(?<!_test)\.go$/.test(file),
  );
  const sources = files.map((file) => readFileSync(join(folder, file), "utf8")).join("");
  const names = ["exporter", "exporter-swarm"].flatMap((name) => sample(name).match(/^\w+/gm) ?? []);
  expect(names.length).toBeGreaterThan(50);
  expect([...new Set(names)].filter((name) => !sources.includes(`"${name}"`))).toEqual([]);
});

describe("with a real Prometheus that scrapes what was recorded of the farm's exporters", () => {
  const servers: Server[] = [];
  let running: Program | undefined;

  const ask = async (path: string) =>
    (await fetch(`http://127.0.0.1:${String(running?.port)}/api/v1/${path}`)).json() as Promise<unknown>;
  const resultsOf = async (expression: string) =>
    Answer.parse(await ask(`query?query=${encodeURIComponent(expression)}`)).data.result.length;

  /** A service's tasks on loopback. */
  async function portOf(service: string): Promise<number> {
    const text = sample(samples[service] ?? "");
    const server = createServer((_, response) => response.end(text));
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return (server.address() as AddressInfo).port;
  }

  const withPrometheus = prometheusProgram === undefined ? test.skip : test;

  beforeAll(async () => {
    if (prometheusProgram === undefined) return;
    const targets = [...plans.scrape, services.exporter].flatMap((of) => {
      const service = "service" in of ? of.service : of.name;
      return service in samples ? [{ service, port: of.port }] : [];
    });
    const full = scrapingConfig({ targets, outside: {}, plans, scrapeSeconds: 30, alerting: false });
    const jobs = await Promise.all(
      full.scrape_configs.map(async (job) => {
        const name = job.job_name.split(":")[0] ?? "";
        const at = `127.0.0.1:${String(await portOf(name))}`;
        const found = "static_configs" in job ? {} : { dns_sd_configs: [], static_configs: [{ targets: [at] }] };
        const probed = JSON.stringify({ ...job, ...found }).replaceAll(`${name}:${String(services.probes.port)}`, at);
        return JSON.parse(probed) as object;
      }),
    );
    const quick = { scrape_interval: "1s", scrape_timeout: "1s", evaluation_interval: "1s" };
    const config = { ...full, global: quick, rule_files: ["rules.yml"], scrape_configs: jobs };
    const files = { "prometheus.yml": JSON.stringify(config), "rules.yml": JSON.stringify(rulesFile(plans.alerts)) };
    running = await startPrometheus(files);
    // Rates need two samples of each.
    const count = JSON.stringify(jobs).split('"targets":').length - 1;
    await until(async () => (await resultsOf("sum_over_time(up[1h]) > 2")) === count);
    await until(async () => (await resultsOf("ALERTS")) > 0);
  }, 60_000);

  afterAll(async () => {
    await running?.stop();
    for (const server of servers) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });

  const chosen = { node: "manager1", service: "hello", route: "hello" };

  withPrometheus("every variable can be chosen", async () => {
    for (const [name, { metric, label }] of Object.entries(variablesOf(all))) {
      const values = await ask(`label/${label}/values?match[]=${encodeURIComponent(metric)}`);
      expect(values).toMatchObject({ data: expect.arrayContaining([chosen[name as keyof typeof chosen]]) as unknown });
    }
  });

  withPrometheus("every query of every panel returns data, and names only metrics that are there", async () => {
    expect(queries.length).toBeGreaterThan(40);
    expect(await withoutData(queries, chosen, resultsOf)).toEqual([]);
  });

  withPrometheus("a query of a metric that is not there is found, also behind an alternative", async () => {
    const wrong = ["no_such_metric", "count(no_such_metric) or vector(0)", 'node_load1{instance="none"}'];
    const found = await withoutData(
      wrong.map((expression) => ({ at: "a", expression })),
      chosen,
      resultsOf,
    );
    expect(found).toEqual([
      "a: no data: no_such_metric",
      "a: no metric: no_such_metric",
      "a: no metric: no_such_metric",
      'a: no data: node_load1{instance="none"}',
    ]);
  });

  withPrometheus("results have the labels that their names show", async () => {
    const Labelled = z.object({
      data: z.object({ result: z.array(z.object({ metric: z.record(z.string(), z.string()) })) }),
    });
    const named = queries.filter(({ labels }) => labels.length > 0);
    expect(named.length).toBeGreaterThan(20);
    for (const { at, expression, labels } of named) {
      const answer = await ask(`query?query=${encodeURIComponent(filledIn(expression, chosen))}`);
      for (const { metric } of Labelled.parse(answer).data.result)
        expect([at, Object.keys(metric)]).toEqual([at, expect.arrayContaining([...labels])]);
    }
  });
});
