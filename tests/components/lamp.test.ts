import * as pulumi from "@pulumi/pulumi";
import { mark } from "../../infra/service/swarm-resource-options";
import { Lamp } from "../../stacks/lamp/lamp";
import { withStacks } from "../support/configs";
import { find, listing, record, valueOf, type Registered } from "../support/mocks";
import { swarmOf } from "../support/samples";

const file = (path: string) => ({ path, content: Buffer.from(path) });
const images = { nginx: "registry/nginx@sha256:1", php: "registry/php@sha256:2", mysql: "registry/mysql@sha256:3" };
const content = {
  web: [file("/etc/nginx/nginx.conf"), file("/srv/www/style.css")],
  scripts: [file("/srv/www/index.php")],
};

type Changes = Partial<ConstructorParameters<typeof Lamp>[1]>;

let made: Lamp;

async function lamp(changes: Changes = {}): Promise<Registered[]> {
  const all = await record(() => {
    const swarm = swarmOf(withStacks());
    const tasks = { nginx: { mode: { replicas: 2 } }, php: { mode: { replicas: 3 } } };
    made = new Lamp("lamp", {
      swarm,
      images,
      ownMysql: true,
      tasks,
      content,
      port: 8081,
      encryptOverlay: false,
      rotation: 1,
      ...changes,
    });
  });
  return all.filter(({ name }) => name.startsWith("lamp"));
}

let resources: Registered[];

beforeAll(async () => {
  resources = await lamp();
});

/** The part of a service's spec that these tests read. */
function service(of: string, among = resources) {
  return find(among, `lamp-${of}-service`).inputs as {
    taskSpec: { containerSpec: Record<string, unknown>; networksAdvanceds: unknown };
    endpointSpec?: { ports: unknown };
  };
}

test("is two networks, a password, three services, and a config or secret for each of their files", async () => {
  const serviceOf = (noun: string) => [
    `lamp > lamp-${noun}: swarm-farm:service:SwarmService`,
    `lamp-${noun} > lamp-${noun}-converged: command:local:Command`,
    `lamp-${noun} > lamp-${noun}-service: docker:index/service:Service`,
  ];
  expect(listing(resources)).toEqual(
    [
      "lamp: swarm-farm:lamp:Lamp",
      "lamp > lamp-web-network: docker:index/network:Network",
      "lamp > lamp-data-network: docker:index/network:Network",
      "lamp > lamp-mysql-credential: swarm-farm:keys:Password",
      "lamp-mysql-credential > lamp-mysql-credential-generated: command:local:Command",
      "lamp > lamp-mysql-password: docker:index/secret:Secret",
      "lamp > lamp-php-password: docker:index/secret:Secret",
      "lamp > lamp-nginx-etc-nginx-nginx.conf: docker:index/serviceConfig:ServiceConfig",
      "lamp > lamp-nginx-srv-www-style.css: docker:index/serviceConfig:ServiceConfig",
      "lamp > lamp-php-srv-www-index.php: docker:index/serviceConfig:ServiceConfig",
      ...["mysql", "nginx", "php"].flatMap(serviceOf),
    ].sort(),
  );
  expect(await Promise.all(made.services.map(({ id }) => valueOf(id)))).toEqual(
    ["mysql", "php", "nginx"].map((noun) => `lamp-${noun}-service-id`),
  );
});

test("all of it lives in the swarm", () => {
  const inside = resources.filter(({ type }) => type.startsWith("docker:"));
  expect(inside).toHaveLength(10);
  for (const resource of inside) {
    expect(resource).toMatchObject({
      provider: "swarm-docker",
      deletedWith: "manager1-domain",
      replacementTrigger: "stdout of swarm-init",
    });
  }
});

test("only php reaches the database, on an internal network", () => {
  const overlay = { driver: "overlay", labels: [mark()] };
  expect(find(resources, "lamp-web-network").inputs).toEqual({ ...overlay, name: "lamp-web", internal: false });
  expect(find(resources, "lamp-data-network").inputs).toEqual({ ...overlay, name: "lamp-data", internal: true });
  const networks = (of: string) => service(of).taskSpec.networksAdvanceds;
  expect(networks("nginx")).toEqual([{ id: "lamp-web-network-id" }]);
  expect(networks("php")).toEqual([{ id: "lamp-web-network-id", aliases: ["php"] }, { id: "lamp-data-network-id" }]);
  expect(networks("mysql")).toEqual([{ id: "lamp-data-network-id", aliases: ["mysql"] }]);
});

test("encryption is an option of both networks, which are others than the plain ones", async () => {
  const encrypted = await lamp({ encryptOverlay: true });
  for (const noun of ["web", "data"])
    expect(find(encrypted, `lamp-${noun}-ipsec-network`).inputs).toMatchObject({
      name: `lamp-${noun}-ipsec`,
      options: { encrypted: "" },
    });
});

test.each([
  ["nginx", { replicated: { replicas: 2 } }, undefined, "start-first"],
  ["php", { replicated: { replicas: 3 } }, { constraints: ["node.role == worker"], maxReplicas: 0 }, "start-first"],
  ["mysql", { replicated: { replicas: 1 } }, { constraints: ["node.labels.db == true"], maxReplicas: 0 }, "stop-first"],
] as const)("%s runs %j, where %j, and is updated %s", (of, mode, placement, order) => {
  const inputs = find(resources, `lamp-${of}-service`).inputs as { taskSpec: { placement?: unknown } };
  expect(inputs).toMatchObject({ name: `lamp-${of}`, mode, updateConfig: { order, failureAction: "rollback" } });
  expect(inputs.taskSpec.placement).toEqual(placement);
  expect(service(of).taskSpec.containerSpec).toMatchObject({ image: images[of], readOnly: true });
});

test("the database keeps its data on the node, and has time for a first start and an orderly end", () => {
  expect(service("mysql").taskSpec.containerSpec).toMatchObject({
    mounts: [
      { type: "volume", source: "mysql", target: "/var/lib/mysql" },
      { type: "tmpfs", target: "/tmp" },
      { type: "tmpfs", target: "/run/mysqld" },
    ],
    stopGracePeriod: "1m",
    healthcheck: { tests: ["CMD", "mysqladmin", "--connect-timeout=3", "ping"], startPeriod: "15m" },
  });
});

test("one password is a secret for each service that reads it, and is never in clear", () => {
  const data = { secret: Buffer.from("password of lamp-mysql-credential-generated").toString("base64") };
  for (const [of, fileUid] of [
    ["mysql", "999"],
    ["php", "33"],
  ] as const) {
    expect(find(resources, `lamp-${of}-password`).inputs).toEqual({
      name: `lamp-${of}-password-1-ted-id`,
      data,
      labels: [mark()],
    });
    expect(service(of).taskSpec.containerSpec.secrets).toEqual([
      expect.objectContaining({
        fileName: "mysql-password",
        fileUid,
        fileMode: 0o400,
        secretId: `lamp-${of}-password-id`,
      }),
    ]);
  }
  const clear = JSON.stringify(resources, (_, value: unknown) =>
    typeof value === "object" && value !== null && "secret" in value ? "(secret)" : value,
  );
  expect(clear).not.toContain("password of");
});

test("php serves scripts and names its node, nginx serves the rest", () => {
  const files = (of: string) =>
    (service(of).taskSpec.containerSpec.configs as { fileName: string }[]).map(({ fileName }) => fileName);
  expect(files("nginx")).toEqual(["/etc/nginx/nginx.conf", "/srv/www/style.css"]);
  expect(files("php")).toEqual(["/srv/www/index.php"]);
  expect(service("php").taskSpec.containerSpec.env).toEqual({ WHERE: "{{.Node.Hostname}} {{.Task.Name}}" });
});

test("without a published port the load balancer reaches the web server on its network, and php never publishes a port", async () => {
  const port = (publishedPort: number, targetPort: number) => ({
    mode: "vip",
    ports: [{ protocol: "tcp", publishMode: "ingress", publishedPort, targetPort }],
  });
  const none = { mode: "vip" };
  const endpoints = (among: Registered[]) => ["nginx", "php", "mysql"].map((of) => service(of, among).endpointSpec);
  expect(endpoints(resources)).toEqual([port(8081, 8080), none, none]);
  const edge = { id: pulumi.output("edge-id") };
  const unpublished = await lamp({ port: undefined, edgeNetworks: [edge] });
  expect(endpoints(unpublished)).toEqual([none, none, none]);
  const networks = (of: string) => service(of, unpublished).taskSpec.networksAdvanceds;
  expect(networks("nginx")).toEqual([{ id: "lamp-web-network-id" }, { id: "edge-id" }]);
  expect(networks("php")).toEqual([{ id: "lamp-web-network-id", aliases: ["php"] }, { id: "lamp-data-network-id" }]);
  expect(await valueOf(made.phpNetwork.id)).toBe("lamp-web-network-id");
});

test("starts mysql, then php, then nginx, each after the previous one has converged", () => {
  const waits = (of: string) => find(resources, `lamp-${of}-service`).dependsOn;
  expect(waits("mysql").filter((name) => name.endsWith("-converged"))).toEqual([]);
  expect(waits("php")).toContain("lamp-mysql-converged");
  expect(waits("nginx")).toContain("lamp-php-converged");
});
