import { lampAlerts } from "../../stacks/lamp/alerts";
import { Lamp } from "../../stacks/lamp/schema";
import { farmAlerts } from "../../stacks/monitoring/alerts/alerts";
import { deploy } from "../../stacks/monitoring/deploy";
import { Monitoring } from "../../stacks/monitoring/schema";
import { withStacks } from "../support/configs";
import { find, listing, record, type Registered } from "../support/mocks";
import { contextOf } from "../support/stack-context";

const token = "s3cret-token";
const hook = { webhook: { url: "https://example.com/hook", token } };

/** The resources of `monitoring` on a farm with these keys besides. */
async function deployed(keys: object, more: object = {}): Promise<Registered[]> {
  const farm = withStacks({ monitoring: keys, ...more });
  const all = await record(() => {
    const context = contextOf("monitoring", farm, Monitoring.parse(keys));
    const others = { ...context.others, scrapeNetworks: [{ id: "net-shop" }] };
    deploy({ ...context, others, edgeNetworks: [{ id: "net-edge" }], rotations: { grafana: 1 } });
  });
  return all.filter(({ name }) => name.startsWith("monitoring"));
}

/** The part of a service's spec that these tests read. */
function service(of: readonly Registered[], name: string) {
  return find(of, `monitoring-${name}-service`).inputs as {
    mode: unknown;
    endpointSpec?: object;
    taskSpec: {
      containerSpec: Record<string, unknown> & { args?: readonly string[] };
      networksAdvanceds: readonly { id: string }[];
      placement?: { constraints: readonly string[] };
      resources: { limits: { memoryBytes: number }; reservation: { memoryBytes: number } };
    };
  };
}

const servicesOf = (all: readonly Registered[]) =>
  all.filter(({ type }) => type === "docker:index/service:Service").map(({ inputs }) => inputs.name);

/** The content of a configuration file, which is JSON. */
function content(of: readonly Registered[], name: string): unknown {
  const { data } = find(of, name).inputs;
  return JSON.parse(Buffer.from(data as string, "base64").toString());
}

const scraping = (of: readonly Registered[]) =>
  content(of, "monitoring-prometheus-etc-prometheus-prometheus.yml") as {
    alerting?: object;
    scrape_configs: { job_name: string }[];
  };

let resources: Registered[];
beforeAll(async () => {
  resources = await deployed({ alerts: { receivers: { hook } } });
});

test("it is six services, their configurations, a network and one secret", () => {
  const serviceOf = (name: string) => [
    `monitoring > monitoring-${name}: swarm-farm:service:SwarmService`,
    `monitoring-${name} > monitoring-${name}-converged: command:local:Command`,
    `monitoring-${name} > monitoring-${name}-service: docker:index/service:Service`,
  ];
  const config = (name: string) => `monitoring > monitoring-${name}: docker:index/serviceConfig:ServiceConfig`;
  expect(listing(resources)).toEqual(
    [
      "monitoring: swarm-farm:monitoring:Monitoring",
      "monitoring > monitoring-network: docker:index/network:Network",
      "monitoring > monitoring-socket-group: command:local:Command",
      "monitoring > monitoring-alertmanager-salt: command:local:Command",
      "monitoring > monitoring-alertmanager-config: docker:index/secret:Secret",
      config("prometheus-etc-prometheus-prometheus.yml"),
      config("prometheus-etc-prometheus-rules.yml"),
      config("probes-etc-prometheus-blackbox.yml"),
      ...["nodes", "swarm", "exporter", "probes", "alertmanager", "prometheus"].flatMap(serviceOf),
    ].sort(),
  );
});

test("Alertmanager's configuration is a secret, and its credentials are nowhere in the clear", () => {
  const { data } = find(resources, "monitoring-alertmanager-config").inputs;
  expect(data).toMatchObject({ secret: expect.anything() as unknown });
  const clear = JSON.stringify(resources, (key, value: unknown) => {
    if (typeof value === "object" && value !== null && "secret" in value) return "(secret)";
    return key === "data" && typeof value === "string" ? Buffer.from(value, "base64").toString() : value;
  });
  expect(clear).not.toContain(token);
  expect(service(resources, "alertmanager").taskSpec.containerSpec.secrets).toMatchObject([
    { fileName: "alertmanager.yml", fileUid: "65534", fileMode: 0o400 },
  ]);
});

test("Prometheus has its volume on the first manager, and is on the networks of its targets and the load balancer", () => {
  const { taskSpec } = service(resources, "prometheus");
  expect(taskSpec.placement).toMatchObject({ constraints: ["node.hostname == manager1"] });
  expect(taskSpec.containerSpec.mounts).toEqual([{ type: "volume", source: "monitoring-prometheus", target: "/tmp" }]);
  expect(taskSpec.networksAdvanceds.map(({ id }) => id)).toEqual(["monitoring-network-id", "net-edge", "net-shop"]);
  expect(taskSpec.containerSpec.args).toEqual(
    expect.arrayContaining(["--storage.tsdb.retention.time=15d", "--storage.tsdb.retention.size=1536MB"]),
  );
});

test("its keys set node, days, disk and memory", async () => {
  const keys = { node: "worker1", retentionDays: 90, diskMiB: 8000, memoryMiB: 1000, scrapeSeconds: 60 };
  const all = await deployed(keys);
  const { taskSpec } = service(all, "prometheus");
  expect(taskSpec.placement).toMatchObject({ constraints: ["node.hostname == worker1"] });
  expect(taskSpec.containerSpec.args).toEqual(
    expect.arrayContaining(["--storage.tsdb.retention.time=90d", "--storage.tsdb.retention.size=6000MB"]),
  );
  expect(taskSpec.resources).toMatchObject({
    limits: { memoryBytes: 1000 * 2 ** 20 },
    reservation: { memoryBytes: 500 * 2 ** 20 },
  });
  expect(scraping(all)).toMatchObject({ global: { scrape_interval: "60s", evaluation_interval: "60s" } });
});

test("without a receiver there is no Alertmanager, and Prometheus looks for none", async () => {
  const all = await deployed({});
  expect(servicesOf(all)).not.toContain("monitoring-alertmanager");
  expect(scraping(all).alerting).toBeUndefined();
  expect(scraping(resources).alerting).toBeDefined();
});

test("without a load balancer nothing is probed", async () => {
  expect(servicesOf(await deployed({}, { loadbalancer: undefined }))).not.toContain("monitoring-probes");
});

test("the steward's exporter is read in place of one more on every node", async () => {
  const all = await deployed({}, { steward: {} });
  expect(servicesOf(all)).not.toContain("monitoring-exporter");
  const jobs = scraping(all).scrape_configs.map(({ job_name }) => job_name);
  expect(jobs).toEqual(expect.arrayContaining(["exporter:9101", "steward:8080", "monitoring-swarm:9101"]));
  expect(jobs).not.toContain("monitoring-exporter:9101");
  expect(scraping(resources).scrape_configs.map(({ job_name }) => job_name)).toContain("monitoring-exporter:9101");
});

test("one exporter of the swarm on a manager and exporters on every node ask Docker as nobody in its group", () => {
  const socket = { type: "bind", source: "/var/run/docker.sock", target: "/var/run/docker.sock" };
  for (const name of ["swarm", "exporter"])
    expect(service(resources, name).taskSpec.containerSpec).toMatchObject({
      user: "65534:65534",
      groups: ["stdout of monitoring-socket-group"],
      mounts: [socket],
      readOnly: true,
    });
  expect(service(resources, "swarm").taskSpec.containerSpec.args).toEqual(["-swarm"]);
  expect(service(resources, "swarm").taskSpec.placement).toMatchObject({ constraints: ["node.role == manager"] });
  expect([service(resources, "exporter").mode, service(resources, "nodes").mode]).toEqual([
    { global: true },
    { global: true },
  ]);
});

test("a node exporter sees the node's files and cannot write them, and has the node's name", () => {
  expect(service(resources, "nodes").taskSpec.containerSpec).toMatchObject({
    hostname: "{{.Node.Hostname}}",
    user: "65534:65534",
    mounts: [{ type: "bind", source: "/", target: "/host", readOnly: true, bindOptions: { propagation: "rslave" } }],
  });
});

test("publishes no port; only Prometheus and the probes are on networks of others", () => {
  for (const name of ["nodes", "swarm", "exporter", "probes", "alertmanager", "prometheus"]) {
    expect(service(resources, name).endpointSpec).not.toHaveProperty("ports");
    if (name !== "prometheus" && name !== "probes")
      expect(service(resources, name).taskSpec.networksAdvanceds).toEqual([{ id: "monitoring-network-id" }]);
  }
});

test("the rules are those of all stacks", () => {
  const { groups } = content(resources, "monitoring-prometheus-etc-prometheus-rules.yml") as {
    groups: { rules: { alert: string }[] }[];
  };
  const all = [...lampAlerts({ php: Lamp.parse({}).php }), ...farmAlerts];
  expect(groups[0]?.rules.map(({ alert }) => alert)).toEqual(all.map(({ name }) => name));
});

test("another receiver updates Alertmanager, and nothing else", async () => {
  const other = await deployed({ alerts: { receivers: { hook: { webhook: { url: "https://example.com/other" } } } } });
  const changed = other.filter(
    (each) => JSON.stringify(each.inputs) !== JSON.stringify(find(resources, each.name).inputs),
  );
  for (const { name } of changed) expect(name).toMatch(/^monitoring-alertmanager/);
  expect(changed.length).toBeGreaterThan(0);
});
