import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { differenceBetween } from "../support/difference";
import { find, type Registered } from "../support/mocks";
import { runProgram, stackConfig } from "../support/program";
import { repository } from "../support/sources";

let folder: string;
let before: readonly Registered[];
let after: readonly Registered[];
let urls: object;

const dev = stackConfig("Pulumi.dev.yaml");

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "monitoring-"));
  const labels = { "prometheus.io/scrape": "true", "prometheus.io/port": "8080" };
  const services = { web: { image: "swarm-farm/hello", deploy: { labels } }, other: { image: "swarm-farm/hello" } };
  writeFileSync(join(folder, "compose.yaml"), JSON.stringify({ services }));
  const stacks = { shop: { file: join(relative(repository, folder), "compose.yaml") } };
  const keys = { ...dev, steward: {}, stacks };
  before = (await runProgram(keys)).resources;
  const run = await runProgram({ ...keys, monitoring: {} });
  after = run.resources;
  urls = run.outputs.urls as object;
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

test("monitoring changes no service but the load balancer, which gets its route, the page that shows its alerts, and php, which gets a status page", () => {
  const { added, removed, changed } = differenceBetween(before, after);
  expect(removed).toEqual([]);
  const exporters = added.filter((at) => at.startsWith("lamp"));
  expect(exporters.filter((at) => !/lamp-(mysql|php)-exporter|lamp-metrics-network|php~-fpm\.conf/.test(at))).toEqual(
    [],
  );
  const others = added.filter((at) => !exporters.includes(at));
  expect(others.filter((at) => !/monitoring|(node|blackbox|mysqld)-exporter/.test(at))).toEqual([]);
  // The images that stay in the registry.
  const cleanup = "cleanup > manager1-cleanup: command:remote:Command";
  const php = [
    "lamp-php > lamp-php-converged: command:local:Command",
    "lamp-php > lamp-php-service: docker:index/service:Service",
  ];
  expect(changed.filter((at) => !/loadbalancer|visualizer-page/.test(at)).sort()).toEqual([cleanup, ...php]);
  expect(JSON.stringify(find(after, "visualizer-page-service").inputs)).toContain("http://monitoring-prometheus:9090");
  expect(urls).toMatchObject({ monitoring: "https://10.77.0.11/monitoring/" });
});

test("Prometheus is on a network of each service that it scrapes, and finds its tasks by name", () => {
  const { taskSpec } = find(after, "monitoring-prometheus-service").inputs as {
    taskSpec: { networksAdvanceds: { id: string }[] };
  };
  expect(taskSpec.networksAdvanceds.map(({ id }) => id)).toEqual([
    "monitoring-network-id",
    "edge-network-id",
    "lamp-metrics-network-id",
    "steward-network-id",
    "stack-shop-default-network-id",
  ]);
  const { data } = find(after, "monitoring-prometheus-etc-prometheus-prometheus.yml").inputs;
  const config = Buffer.from(data as string, "base64").toString();
  expect(config).toContain('"names":["tasks.shop_web"]');
  expect(config).not.toContain("tasks.shop_other");
});

test("with backups, the node exporter has their metrics, and Prometheus their alerts", async () => {
  const { resources } = await runProgram({ ...dev, monitoring: {}, backups: { to: { folder: "/mnt/backups" } } });
  const argsOf = (registered: readonly Registered[]) =>
    JSON.stringify(find(registered, "monitoring-nodes-service").inputs);
  expect(argsOf(resources)).toContain("--collector.textfile.directory=/host/var/lib/swarm-farm/metrics");
  expect(argsOf(after)).not.toContain("textfile");
  const { data } = find(resources, "monitoring-prometheus-etc-prometheus-rules.yml").inputs;
  expect(Buffer.from(data as string, "base64").toString()).toContain('"alert":"BackupTooOld"');
});

test("Grafana changes no service but the load balancer and Prometheus, which probes its route, and its password is in no input in the clear", async () => {
  const monitoring = { grafana: { image: "grafana/grafana:12.1.0" } };
  const stacks = { shop: { file: join(relative(repository, folder), "compose.yaml") } };
  const { resources, outputs } = await runProgram({ ...dev, steward: {}, stacks, monitoring });
  const { added, removed, changed } = differenceBetween(after, resources);
  expect(removed).toEqual([]);
  expect(added.filter((at) => !at.includes("monitoring-grafana"))).toEqual([expect.stringMatching(/grafana.*-push/)]);
  const cleanup = "cleanup > manager1-cleanup: command:remote:Command";
  expect(changed.filter((at) => !/loadbalancer|monitoring-prometheus/.test(at))).toEqual([cleanup]);
  expect(outputs.urls).toMatchObject({ grafana: "https://10.77.0.11/grafana/" });
  const { env } = (
    find(resources, "monitoring-grafana-service").inputs as { taskSpec: { containerSpec: { env: object } } }
  ).taskSpec.containerSpec;
  expect(env).toMatchObject({ GF_SERVER_ROOT_URL: "https://10.77.0.11/grafana/" });
  expect(env).not.toHaveProperty("GF_SECURITY_ADMIN_PASSWORD");
});

test("with logs, the visualizer reads its time line from the store, and links to the store's page", async () => {
  const envOf = (registered: readonly Registered[]) =>
    JSON.stringify(find(registered, "visualizer-page-service").inputs);
  const { resources } = await runProgram({ ...dev, logs: {} });
  expect(envOf(resources)).toContain('"VICTORIALOGS":"http://logs-store:9428"');
  const routes = {
    ...(dev.loadbalancer as object),
    routes: { visualizer: { path: "/v/" }, logs: { path: "/l/", login: true } },
  };
  const linked = await runProgram({ ...dev, logs: {}, loadbalancer: routes });
  expect(envOf(linked.resources)).toContain('"LOGS_PAGE":"/l/select/vmui/"');
  const other = { ...routes, routes: { ...routes.routes, logs: { host: "logs.example.org", path: "/" } } };
  const apart = await runProgram({ ...dev, logs: {}, loadbalancer: other });
  expect(envOf(apart.resources)).not.toContain("LOGS_PAGE");
  expect(envOf(after)).not.toContain("VICTORIALOGS");
});
