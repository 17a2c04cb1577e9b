import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readSettings } from "../../apps/steward/src/settings";
import { deploy } from "../../stacks/steward/deploy";
import { Steward } from "../../stacks/steward/steward";
import { withNames } from "../support/configs";
import { find, listing, record, type Registered } from "../support/mocks";
import { swarmOf } from "../support/samples";
import { contextOf } from "../support/stack-context";

let resources: Registered[];

/** The resources of a farm's steward. */
async function deployed(config: { readonly rebalance: boolean; readonly stabilizationSeconds: number }) {
  const all = await record(() => {
    new Steward("steward", {
      swarm: swarmOf(withNames("manager1", "worker1")),
      images: {
        steward: "registry/steward@sha256:1",
        exporter: "registry/exporter@sha256:2",
        prometheus: "p@sha256:3",
      },
      ...config,
    });
  });
  return all.filter(({ name }) => name.startsWith("steward"));
}

beforeAll(async () => {
  resources = await deployed({ rebalance: true, stabilizationSeconds: 90 });
});

/** The part of a service's spec that these tests read. */
function service(name: string) {
  return find(resources, `steward-${name}-service`).inputs as {
    mode: unknown;
    endpointSpec?: unknown;
    taskSpec: {
      containerSpec: Record<string, unknown>;
      networksAdvanceds: readonly { id: string }[];
      placement?: unknown;
      resources: { limits: { memoryBytes: number } };
    };
    updateConfig: { order: string };
  };
}

/** The content of a configuration file, which is JSON. */
function content(name: string, of = resources): unknown {
  const { data } = find(of, name).inputs;
  return JSON.parse(Buffer.from(data as string, "base64").toString());
}

/** A settings file as the steward itself reads it. */
function settingsOf(file: unknown): unknown {
  const folder = mkdtempSync(join(tmpdir(), "steward-"));
  try {
    const path = join(folder, "steward.json");
    writeFileSync(path, JSON.stringify(file));
    return readSettings({}, path);
  } finally {
    rmSync(folder, { recursive: true });
  }
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

test("the steward queries Prometheus, which finds every task of the exporter and the steward by name", () => {
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

test("the steward accepts its settings, also at the limits of a farm's configuration", async () => {
  const ends = [
    { rebalance: false, stabilizationSeconds: 0 },
    { rebalance: true, stabilizationSeconds: 86_400 },
  ];
  for (const config of ends) {
    const file = content("steward-server-etc-steward.json", await deployed(config));
    expect(settingsOf(file)).toMatchObject({
      rebalance: config.rebalance ? "on" : "off",
      // Services with a policy are scaled in any case.
      autoscale: "on",
      quietSeconds: config.stabilizationSeconds,
      port: 8080,
    });
  }
});

test("another setting updates the steward, and nothing else", async () => {
  const other = await deployed({ rebalance: true, stabilizationSeconds: 91 });
  const changed = other.filter((each) => {
    const before = find(resources, each.name);
    return JSON.stringify(each.inputs) !== JSON.stringify(before.inputs);
  });
  expect(changed.map(({ name }) => name).sort()).toEqual([
    "steward-server-converged",
    "steward-server-etc-steward.json",
    "steward-server-service",
  ]);
});

test("publishes no port, and has an internal network for its services alone", () => {
  const { internal, attachable = false } = find(resources, "steward-network").inputs;
  expect({ internal, attachable }).toEqual({ internal: true, attachable: false });
  for (const name of ["exporter", "prometheus", "server"]) {
    expect(service(name).endpointSpec).not.toHaveProperty("ports");
    expect(service(name).taskSpec.networksAdvanceds).toEqual([{ id: "steward-network-id" }]);
  }
});

test("an update starts the new steward first, which waits for the lease, and ends the old exporter and Prometheus first", () => {
  expect(service("server").updateConfig.order).toBe("start-first");
  expect(service("exporter").updateConfig.order).toBe("stop-first");
  expect(service("prometheus").updateConfig.order).toBe("stop-first");
  expect(find(resources, "steward-server-service").dependsOn).toContain("steward-prometheus-converged");
});

test("a scrape ends before the next begins, and Prometheus' data fits into its memory", () => {
  const { global } = content("steward-prometheus-etc-prometheus-prometheus.yml") as {
    global: { scrape_interval: string; scrape_timeout: string };
  };
  expect(parseInt(global.scrape_timeout)).toBeLessThan(parseInt(global.scrape_interval));
  const { args } = service("prometheus").taskSpec.containerSpec as { args: readonly string[] };
  const [, size = ""] = /--storage\.tsdb\.retention\.size=(\d+)MB/.exec(args.join(" ")) ?? [];
  expect(Number(size) * 3 * 1024 ** 2).toBeLessThan(service("prometheus").taskSpec.resources.limits.memoryBytes);
});

test("Prometheus of the monitoring reaches its exporter and itself on the steward's own network, and nothing of it changes", async () => {
  let networks: unknown;
  const config = { rebalance: true, stabilizationSeconds: 90 };
  const all = await record(() => {
    const context = contextOf("steward", withNames("manager1", "worker1"), config);
    const published = deploy(context);
    networks = published.scrapeNetworks;
    expect(published.services).toHaveLength(3);
  });
  expect(networks).toHaveLength(1);
  expect(find(all, "steward-exporter-service").inputs).toMatchObject({
    taskSpec: { networksAdvanceds: [{ id: "steward-network-id" }] },
  });
});

test("it is found where a farm of an earlier version has it", () => {
  expect(find(resources, "steward").aliases).toEqual(["swarm-farm:stacks:Steward"]);
});
