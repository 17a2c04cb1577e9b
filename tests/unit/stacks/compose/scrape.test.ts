import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { plan } from "../../../../stacks/compose/plan";
import { read } from "../../../../stacks/compose/read";
import { Stacks } from "../../../../stacks/compose/schema";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "stacks-scrape-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Targets of a service `web` with these labels, and problems. */
function scraped(labels: object, more: object = {}, inDeploy = true) {
  const web = { image: "a:1", ...more, ...(inDeploy ? { deploy: { labels } } : { labels }) };
  // JSON is valid YAML.
  writeFileSync(join(folder, "shop.yaml"), JSON.stringify({ services: { web } }));
  const config = Stacks.parse({ shop: { file: "shop.yaml", variables: { PORT: "9100", TOKEN: "x" } } }) ?? {};
  const { files, problems } = read(config, folder, ["stacks.shop.variables.TOKEN"], []);
  expect(problems).toEqual([]);
  const { scrape, scrapeProblems = [] } = plan(config, files);
  return { scrape, problems: scrapeProblems.map(({ path, message }) => `${path}: ${message}`) };
}

const labels = { "prometheus.io/scrape": "true", "prometheus.io/port": "9100" };

test("a service without labels, or with scrape false, is no target", () => {
  expect(scraped({})).toEqual({ scrape: [], problems: [] });
  expect(scraped({ ...labels, "prometheus.io/scrape": "false" })).toEqual({ scrape: [], problems: [] });
});

test.each([true, false])(
  "labels of the service or of its containers name port and path (in deploy: %s)",
  (inDeploy) => {
    const path = { "prometheus.io/path": "/stats/prometheus" };
    expect(scraped(labels, {}, inDeploy)).toEqual({ scrape: [{ service: "shop_web", port: 9100 }], problems: [] });
    expect(scraped({ ...labels, ...path }, {}, inDeploy).scrape).toEqual([
      { service: "shop_web", port: 9100, path: "/stats/prometheus" },
    ]);
  },
);

test("the file's variables have been filled in", () => {
  expect(scraped({ ...labels, "prometheus.io/port": "${PORT}" }).scrape).toEqual([{ service: "shop_web", port: 9100 }]);
});

test.each([
  [{ ...labels, "prometheus.io/scrape": "yes" }, "prometheus.io/scrape is 'yes'; write 'true', or remove it"],
  [{ "prometheus.io/scrape": "true" }, "prometheus.io/port is ''; write the port of its metrics in the container"],
  [{ ...labels, "prometheus.io/port": "70000" }, "prometheus.io/port is '70000'; write the port"],
  [{ ...labels, "prometheus.io/path": "metrics?x=1" }, "prometheus.io/path is 'metrics?x=1'; write a path"],
])("refuses %j with its line", (labels, message) => {
  const { scrape, problems } = scraped(labels);
  expect(scrape).toEqual([]);
  expect(problems).toEqual([expect.stringContaining(`stacks.shop: shop.yaml:1: services.web: its label ${message}`)]);
});

test("a service on the node's network is refused", () => {
  const file = { networks: { hostnet: { external: true, name: "host" } } };
  const web = { image: "a:1", networks: ["hostnet"], deploy: { labels: labels } };
  writeFileSync(join(folder, "shop.yaml"), JSON.stringify({ services: { web }, ...file }));
  const config = Stacks.parse({ shop: { file: "shop.yaml" } }) ?? {};
  const { scrape, scrapeProblems } = plan(config, read(config, folder, [], []).files);
  expect(scrape).toEqual([]);
  expect(scrapeProblems?.[0]?.message).toContain("the service is on the node's network (shop.yaml:1)");
});
