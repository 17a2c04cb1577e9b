import { Lamp } from "../../stacks/lamp/lamp";
import { withStacks } from "../support/configs";
import { find, listing, record, type Registered } from "../support/mocks";
import { swarmOf } from "../support/samples";

const images = { nginx: "registry/nginx@sha256:1", php: "registry/php@sha256:2", mysql: "registry/mysql@sha256:3" };
const store = { image: "registry/valkey@sha256:4", memoryMiB: 32 };

async function lamp(sessions?: typeof store): Promise<Registered[]> {
  const all = await record(() => {
    const tasks = { nginx: { mode: { replicas: 2 } }, php: { mode: { replicas: 2 } } };
    const args = { swarm: swarmOf(withStacks()), images, ownMysql: true, tasks, encryptOverlay: false, rotation: 1 };
    new Lamp("lamp", { ...args, content: { web: [], scripts: [] }, sessions });
  });
  return all.filter(({ name }) => name.startsWith("lamp"));
}

let resources: Registered[];

beforeAll(async () => {
  resources = await lamp(store);
});

/** The part of a service's spec that these tests read. */
function service(of: string, among = resources) {
  return find(among, `lamp-${of}-service`).inputs as {
    taskSpec: {
      containerSpec: Record<string, unknown> & { configs: { fileName: string }[] };
      networksAdvanceds: unknown;
      placement: unknown;
      resources: unknown;
    };
    updateConfig: unknown;
    endpointSpec: unknown;
  };
}

test("shared sessions are a service, its network, and settings of php, and change nothing else", async () => {
  const without = listing(await lamp());
  const added = listing(resources).filter((line) => !without.includes(line));
  expect(added).toEqual(
    [
      "lamp > lamp-sessions: swarm-farm:service:SwarmService",
      "lamp > lamp-sessions-network: docker:index/network:Network",
      "lamp > lamp-php-etc-php-sessions-sessions.ini: docker:index/serviceConfig:ServiceConfig",
      "lamp-sessions > lamp-sessions-converged: command:local:Command",
      "lamp-sessions > lamp-sessions-service: docker:index/service:Service",
    ].sort(),
  );
  expect(without.filter((line) => !listing(resources).includes(line))).toEqual([]);
});

test("the store is one small task on a worker, on an internal network of its own, and writes nothing", () => {
  const { taskSpec, updateConfig, endpointSpec } = service("sessions");
  const mib = 1024 * 1024;
  expect(taskSpec).toMatchObject({
    containerSpec: {
      image: store.image,
      args: ["--maxmemory", "32mb"],
      readOnly: true,
      healthcheck: { tests: ["CMD", "valkey-cli", "-e", "ping"] },
    },
    networksAdvanceds: [{ id: "lamp-sessions-network-id", aliases: ["sessions"] }],
    placement: { constraints: ["node.role == worker"] },
    resources: { limits: { memoryBytes: 72 * mib }, reservation: { memoryBytes: 16 * mib } },
  });
  expect(taskSpec.containerSpec.mounts).toBeUndefined();
  expect(find(resources, "lamp-sessions-network").inputs).toMatchObject({ name: "lamp-sessions", internal: true });
  expect(endpointSpec).toEqual({ mode: "vip" });
  expect(updateConfig).toMatchObject({ order: "stop-first" });
});

test("php's settings name the store without a password, which a warning of php would put into its log", () => {
  const { data } = find(resources, "lamp-php-etc-php-sessions-sessions.ini").inputs as { data: string };
  expect(Buffer.from(data, "base64").toString()).toBe(
    [
      "session.save_handler = redis",
      'session.save_path = "tcp://sessions:6379?timeout=2&read_timeout=2"',
      "redis.session.locking_enabled = 1",
      "redis.session.lock_expire = 60",
      "redis.session.lock_wait_time = 50000",
      "redis.session.lock_retries = 1200",
      "",
    ].join("\n"),
  );
});

test("php reads the settings besides its own, is the other one on that network, and starts after the store", () => {
  const { containerSpec, networksAdvanceds } = service("php").taskSpec;
  expect(containerSpec.env).toEqual({
    WHERE: "{{.Node.Hostname}} {{.Task.Name}}",
    PHP_INI_SCAN_DIR: ":/etc/php/sessions",
  });
  expect(networksAdvanceds).toEqual([
    { id: "lamp-web-network-id", aliases: ["php"] },
    { id: "lamp-data-network-id" },
    { id: "lamp-sessions-network-id" },
  ]);
  expect(find(resources, "lamp-php-service").dependsOn).toContain("lamp-sessions-converged");
});

test("without them php keeps its arguments", async () => {
  const { containerSpec, networksAdvanceds } = service("php", await lamp()).taskSpec;
  expect(containerSpec.env).toEqual({ WHERE: "{{.Node.Hostname}} {{.Task.Name}}" });
  expect(containerSpec.configs).toBeUndefined();
  expect(networksAdvanceds).toHaveLength(2);
});
