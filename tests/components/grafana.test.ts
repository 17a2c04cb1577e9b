import { deploy } from "../../stacks/monitoring/deploy";
import { Monitoring } from "../../stacks/monitoring/schema";
import { withStacks } from "../support/configs";
import { find, listing, record, type Registered } from "../support/mocks";
import { contextOf } from "../support/stack-context";

/** The resources of Grafana on a farm with these keys of `monitoring.grafana`, and others. */
async function deployed(keys: object = {}, more: object = {}, rotation = 1): Promise<Registered[]> {
  const monitoring = { grafana: { image: "grafana/grafana:12.1.0", ...keys } };
  const farm = withStacks({ monitoring, ...more });
  const all = await record(() => {
    const context = contextOf("monitoring", farm, Monitoring.parse(monitoring));
    const image = context.image;
    deploy({
      ...context,
      image: (name, other) => image(other ?? name),
      edgeNetworks: [{ id: "net-edge" }],
      rotations: { grafana: rotation },
    });
  });
  return all.filter(({ name }) => name.startsWith("monitoring-grafana"));
}

/** The part of its service's spec that these tests read. */
function spec(of: readonly Registered[]) {
  return (find(of, "monitoring-grafana-service").inputs as { taskSpec: Record<string, unknown>; endpointSpec?: object })
    .taskSpec as {
    containerSpec: Record<string, unknown> & { env: Record<string, string> };
    networksAdvanceds: readonly { id: string }[];
    placement: { constraints: readonly string[] };
    resources: { limits: { memoryBytes: number } };
  };
}

let resources: Registered[];
beforeAll(async () => {
  resources = await deployed();
});

test("it is a service, its password, a key, and a config for each file", () => {
  const config = (path: string) =>
    `monitoring > monitoring-grafana-etc-grafana-${path}: docker:index/serviceConfig:ServiceConfig`;
  expect(listing(resources)).toEqual(
    [
      "monitoring > monitoring-grafana: swarm-farm:service:SwarmService",
      "monitoring-grafana > monitoring-grafana-service: docker:index/service:Service",
      "monitoring-grafana > monitoring-grafana-converged: command:local:Command",
      "monitoring-grafana-login: swarm-farm:keys:Password",
      "monitoring-grafana-login > monitoring-grafana-login-generated: command:local:Command",
      "monitoring > monitoring-grafana-salt: command:local:Command",
      "monitoring > monitoring-grafana-password: docker:index/secret:Secret",
      "monitoring > monitoring-grafana-key: docker:index/secret:Secret",
      config("provisioning-datasources-farm.yaml"),
      config("provisioning-dashboards-farm.yaml"),
      ...["farm", "node", "service", "route"].map((name) => config(`dashboards-${name}.json`)),
    ].sort(),
  );
});

test("it is the image of the configuration, as its user, with its data on the node of Prometheus", () => {
  const { containerSpec, networksAdvanceds, placement, resources: sizes } = spec(resources);
  expect(containerSpec).toMatchObject({
    image: "registry/grafana/grafana:12.1.0",
    user: "472:0",
    readOnly: true,
    args: ["/run.sh"],
    mounts: [
      { type: "volume", source: "monitoring-grafana", target: "/var/lib/grafana" },
      { type: "tmpfs", target: "/tmp" },
    ],
  });
  expect(networksAdvanceds.map(({ id }) => id)).toEqual(["monitoring-network-id", "net-edge"]);
  expect(placement.constraints).toEqual(["node.hostname == manager1"]);
  expect(sizes.limits.memoryBytes).toBe(512 * 2 ** 20);
});

test("its data source is Prometheus by its name on the network that both are on", () => {
  const { data } = find(resources, "monitoring-grafana-etc-grafana-provisioning-datasources-farm.yaml").inputs;
  expect(JSON.parse(Buffer.from(data as string, "base64").toString())).toMatchObject({
    datasources: [{ url: "http://monitoring-prometheus:9090", jsonData: { timeInterval: "30s" } }],
  });
});

test("its password and key are secrets that its user alone reads, and nowhere else", () => {
  expect(spec(resources).containerSpec.secrets).toMatchObject([
    { fileName: "grafana-password", fileUid: "472", fileMode: 0o400 },
    { fileName: "grafana-key", fileUid: "472", fileMode: 0o400 },
  ]);
  for (const name of ["password", "key"])
    expect(find(resources, `monitoring-grafana-${name}`).inputs.data).toMatchObject({
      secret: expect.anything() as unknown,
    });
});

test.each<[string, object, string]>([
  ["the first address", {}, "https://10.77.0.11/grafana/"],
  ["another port", { loadbalancer: { httpsPort: 8443 } }, "https://10.77.0.11:8443/grafana/"],
  [
    "a host of its own",
    { loadbalancer: { routes: { grafana: { host: "graphs.example.com", path: "/" } } } },
    "https://graphs.example.com/",
  ],
  [
    "a wildcard",
    { loadbalancer: { routes: { grafana: { host: "*.example.com", path: "/g/" } } } },
    "https://any.example.com/g/",
  ],
])("with %s its URL is that of its route", async (_, more, url) => {
  expect(spec(await deployed({}, more)).containerSpec.env.GF_SERVER_ROOT_URL).toBe(url);
});

test("its keys set node and memory", async () => {
  const { placement, resources: sizes } = spec(await deployed({ node: "worker1", memoryMiB: 1024 }));
  expect(placement.constraints).toEqual(["node.hostname == worker1"]);
  expect(sizes.limits.memoryBytes).toBe(1024 * 2 ** 20);
});

test("another rotation is another password, and changes nothing but that", async () => {
  const other = await deployed({}, {}, 2);
  const changed = other.filter(
    (each) => JSON.stringify(each.inputs) !== JSON.stringify(find(resources, each.name).inputs),
  );
  expect(changed.map(({ name }) => name).sort()).toEqual([
    "monitoring-grafana-converged",
    "monitoring-grafana-login-generated",
    "monitoring-grafana-password",
    "monitoring-grafana-service",
  ]);
});
