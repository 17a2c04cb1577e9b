import { Lamp } from "../../stacks/lamp/lamp";
import { withStacks } from "../support/configs";
import { find, listing, record, valueOf, type Registered } from "../support/mocks";
import { swarmOf } from "../support/samples";

const images = { nginx: "registry/nginx@sha256:1", php: "registry/php@sha256:2", mysql: "registry/mysql@sha256:3" };
const exporters = { mysql: "registry/mysqld-exporter@sha256:5", php: "registry/exporter@sha256:6" };

let made: Lamp;

async function lamp(more: Partial<ConstructorParameters<typeof Lamp>[1]> = {}): Promise<Registered[]> {
  const all = await record(() => {
    const tasks = { nginx: { mode: { replicas: 2 } }, php: { mode: { replicas: 2 } } };
    const args = { swarm: swarmOf(withStacks()), images, ownMysql: true, tasks, encryptOverlay: false, rotation: 1 };
    made = new Lamp("lamp", { ...args, content: { web: [], scripts: [] }, ...more });
  });
  return all.filter(({ name }) => name.startsWith("lamp"));
}

/** The part of a service's spec that these tests read. */
function service(of: string, among: readonly Registered[]) {
  return find(among, `lamp-${of}-service`).inputs as {
    taskSpec: { containerSpec: Record<string, unknown>; networksAdvanceds: unknown };
    endpointSpec: unknown;
    updateConfig: unknown;
  };
}

/** Names of resources whose inputs differ. */
const changed = (before: readonly Registered[], after: readonly Registered[]) =>
  before
    .filter(({ name, inputs }) => JSON.stringify(find(after, name).inputs) !== JSON.stringify(inputs))
    .map(({ name }) => name);

let without: Registered[];
let resources: Registered[];
beforeAll(async () => {
  without = await lamp();
  resources = await lamp({ exporters });
});

const serviceOf = (noun: string) => [
  `lamp > lamp-${noun}: swarm-farm:service:SwarmService`,
  `lamp-${noun} > lamp-${noun}-converged: command:local:Command`,
  `lamp-${noun} > lamp-${noun}-service: docker:index/service:Service`,
];

test("metrics are two services, their network, a secret and a file of php, which alone changes, on the networks it has", async () => {
  const before = listing(without);
  expect(listing(resources).filter((line) => !before.includes(line))).toEqual(
    [
      ...serviceOf("mysql-exporter"),
      ...serviceOf("php-exporter"),
      "lamp > lamp-metrics-network: docker:index/network:Network",
      "lamp > lamp-mysql-exporter-login: docker:index/secret:Secret",
      "lamp > lamp-php-etc-php-8.4-fpm-php~-fpm.conf: docker:index/serviceConfig:ServiceConfig",
    ].sort(),
  );
  expect(before.filter((line) => !listing(resources).includes(line))).toEqual([]);
  expect(changed(without, resources)).toEqual(["lamp-php-converged", "lamp-php-service"]);
  const [old, now] = [service("php", without), service("php", resources)];
  expect(now.taskSpec.networksAdvanceds).toEqual(old.taskSpec.networksAdvanceds);
  expect(now.updateConfig).toMatchObject({ order: "start-first" });
  expect(now.taskSpec.containerSpec).toMatchObject({ configs: [{ fileName: "/etc/php/8.4/fpm/php-fpm.conf" }] });
  expect({ ...now.taskSpec.containerSpec, configs: undefined }).toEqual(old.taskSpec.containerSpec);
  expect(await Promise.all(made.services.map(({ id }) => valueOf(id)))).toEqual(
    ["mysql", "php", "nginx", "mysql-exporter", "php-exporter"].map((noun) => `lamp-${noun}-service-id`),
  );
});

test("Prometheus' network has the exporters alone: each is on that of its subject, too", async () => {
  expect(find(resources, "lamp-metrics-network").inputs).toMatchObject({ name: "lamp-metrics", internal: true });
  const networks = (of: string) => service(of, resources).taskSpec.networksAdvanceds;
  expect(networks("mysql-exporter")).toEqual([{ id: "lamp-data-network-id" }, { id: "lamp-metrics-network-id" }]);
  expect(networks("php-exporter")).toEqual([{ id: "lamp-web-network-id" }, { id: "lamp-metrics-network-id" }]);
  expect(await Promise.all(made.scrapeNetworks.map(({ id }) => valueOf(id)))).toEqual(["lamp-metrics-network-id"]);
  for (const of of ["mysql-exporter", "php-exporter"]) {
    expect(service(of, resources).endpointSpec).toEqual({ mode: "vip" });
    expect(service(of, resources).taskSpec.containerSpec).toMatchObject({ user: "65534:65534", readOnly: true });
    expect(service(of, resources).taskSpec.containerSpec.mounts).toBeUndefined();
  }
});

test("the login is a secret that only the exporter reads, and is nowhere in the clear", () => {
  const { data, name } = find(resources, "lamp-mysql-exporter-login").inputs as {
    data: { secret: string };
    name: string;
  };
  expect(Buffer.from(data.secret, "base64").toString()).toBe(
    "[client]\nuser=app\npassword=password of lamp-mysql-credential-generated\nhost=mysql\nport=3306\n",
  );
  expect(name).toBe("lamp-mysql-exporter-login-1-ted-id");
  expect(service("mysql-exporter", resources).taskSpec.containerSpec).toMatchObject({
    secrets: [{ fileName: "mysqld.cnf", fileUid: "65534", fileMode: 0o400 }],
    args: expect.arrayContaining(["--config.my-cnf=/run/secrets/mysqld.cnf"]) as unknown,
  });
  const clear = JSON.stringify(resources, (_, value: unknown) =>
    typeof value === "object" && value !== null && "secret" in value ? "(secret)" : value,
  );
  expect(clear).not.toContain("password of");
});

test("an exporter starts after what it asks, which it finds by the name of all tasks", () => {
  expect(find(resources, "lamp-mysql-exporter-service").dependsOn).toContain("lamp-mysql-converged");
  expect(find(resources, "lamp-php-exporter-service").dependsOn).toContain("lamp-php-converged");
  expect(service("php-exporter", resources).taskSpec.containerSpec).toMatchObject({
    args: ["-php=tasks.php:9001"],
    healthcheck: { tests: ["CMD", "/bin/exporter", "-check"] },
  });
});

test("php of another image is left as it is, and mysql's of another image is read the same way", async () => {
  const other = { ownMysql: false, exporters: { mysql: exporters.mysql } };
  const before = await lamp({ ownMysql: false });
  const after = await lamp(other);
  expect(changed(before, after)).toEqual([]);
  expect(listing(after).filter((line) => line.includes("php-exporter"))).toEqual([]);
  expect(service("mysql-exporter", after).taskSpec).toEqual(service("mysql-exporter", resources).taskSpec);
});

test("with encrypted networks, that of the exporters is encrypted", async () => {
  const encrypted = await lamp({ exporters, encryptOverlay: true });
  expect(find(encrypted, "lamp-metrics-ipsec-network").inputs).toMatchObject({
    name: "lamp-metrics-ipsec",
    options: { encrypted: "" },
  });
});
