import { Steward } from "../../stacks/steward/steward";
import { withNames } from "../support/configs";
import { find, listing, record, type Registered } from "../support/mocks";
import { swarmOf } from "../support/samples";

let resources: Registered[];

beforeAll(async () => {
  const all = await record(() => {
    new Steward("steward", {
      swarm: swarmOf(withNames("manager1", "worker1")),
      images: {
        steward: "registry/steward@sha256:1",
        exporter: "registry/exporter@sha256:2",
        prometheus: "p@sha256:3",
      },
      rebalance: true,
      stabilizationSeconds: 90,
    });
  });
  resources = all.filter(({ name }) => name.startsWith("steward"));
});

/** What a service is made of, as far as a test looks at it. */
function service(name: string) {
  return find(resources, `steward-${name}-service`).inputs as {
    mode: unknown;
    taskSpec: { containerSpec: Record<string, unknown>; placement?: unknown };
  };
}

/** The content of a configuration file, which is JSON. */
function content(name: string): unknown {
  const { data } = find(resources, name).inputs;
  return JSON.parse(Buffer.from(data as string, "base64").toString());
}

test("it is three services on a network of their own, two configurations and the number of Docker's group", () => {
  const serviceOf = (name: string) => [
    `steward > steward-${name}: swarm-farm:service:SwarmService`,
    `steward-${name} > steward-${name}-converged: command:local:Command`,
    `steward-${name} > steward-${name}-service: docker:index/service:Service`,
  ];
  expect(listing(resources)).toEqual(
    [
      "steward: swarm-farm:steward:Steward",
      "steward > steward-network: docker:index/network:Network",
      "steward > steward-prometheus-etc-prometheus-prometheus.yml: docker:index/serviceConfig:ServiceConfig",
      "steward > steward-server-etc-steward.json: docker:index/serviceConfig:ServiceConfig",
      "steward > steward-socket-group: command:local:Command",
      ...["exporter", "prometheus", "server"].flatMap(serviceOf),
    ].sort(),
  );
});

test("an exporter on every node, and a steward on a manager, ask Docker as nobody in its group", () => {
  const socket = { type: "bind", source: "/var/run/docker.sock", target: "/var/run/docker.sock" };
  for (const name of ["exporter", "server"])
    expect(service(name).taskSpec.containerSpec).toMatchObject({
      user: "65534:65534",
      groups: ["stdout of steward-socket-group"],
      mounts: expect.arrayContaining([socket]),
      readOnly: true,
    });
  expect(service("exporter").mode).toEqual({ global: true });
  expect(service("server").taskSpec.placement).toMatchObject({ constraints: ["node.role == manager"] });
  expect(service("prometheus").taskSpec.containerSpec.mounts).not.toContainEqual(socket);
});

test("the steward asks Prometheus, which finds every task of the exporter and the steward by name", () => {
  expect(content("steward-server-etc-steward.json")).toEqual({
    prometheusUrl: "http://prometheus:9090",
    rebalance: "on",
    quietSeconds: 90,
    requestSeconds: 15,
    leaseSeconds: 45,
  });
  const found = (name: string, port: number) => ({
    job_name: name,
    dns_sd_configs: [{ names: [`tasks.${name}`], type: "A", port, refresh_interval: "5s" }],
  });
  expect(content("steward-prometheus-etc-prometheus-prometheus.yml")).toMatchObject({
    scrape_configs: [found("exporter", 9101), found("steward", 8080)],
  });
});

test("it is found where a farm of an earlier version has it", () => {
  expect(find(resources, "steward").aliases).toEqual(["swarm-farm:stacks:Steward"]);
});
