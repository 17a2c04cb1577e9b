import { mark } from "../../infra/service/swarm-resource-options";
import { Lamp } from "../../stacks/lamp/lamp";
import { withStacks } from "../support/configs";
import { find, listing, record, type Registered } from "../support/mocks";
import { swarmOf } from "../support/samples";

const images = { nginx: "registry/nginx@sha256:1", php: "registry/php@sha256:2", mysql: "registry/mysql@sha256:3" };
const store = { image: "registry/valkey@sha256:4", memoryMiB: 32, rotation: 1 };

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

/** What a service is made of, as far as a test looks at it. */
function service(of: string, among = resources) {
  return find(among, `lamp-${of}-service`).inputs as {
    taskSpec: {
      containerSpec: Record<string, unknown> & { secrets: { fileName: string; fileUid: string; fileMode: number }[] };
      networksAdvanceds: unknown;
      placement: unknown;
      resources: unknown;
    };
    updateConfig: unknown;
    endpointSpec: unknown;
  };
}

test("shared sessions are a service, its password, and the settings of php, and change nothing else", async () => {
  const without = listing(await lamp());
  const added = listing(resources).filter((line) => !without.includes(line));
  expect(added).toEqual(
    [
      "lamp > lamp-sessions: swarm-farm:service:SwarmService",
      "lamp > lamp-sessions-credential: swarm-farm:keys:Password",
      "lamp-sessions-credential > lamp-sessions-credential-generated: command:local:Command",
      "lamp > lamp-sessions-password: docker:index/secret:Secret",
      "lamp > lamp-sessions-settings: docker:index/secret:Secret",
      "lamp-sessions > lamp-sessions-converged: command:local:Command",
      "lamp-sessions > lamp-sessions-service: docker:index/service:Service",
    ].sort(),
  );
  expect(without.filter((line) => !listing(resources).includes(line))).toEqual([]);
});

test("the store is one small task on a worker, on the internal network alone, and writes nothing", () => {
  const { taskSpec, updateConfig, endpointSpec } = service("sessions");
  const mib = 1024 * 1024;
  expect(taskSpec).toMatchObject({
    containerSpec: {
      image: store.image,
      args: ["--maxmemory", "32mb"],
      readOnly: true,
      healthcheck: { tests: ["CMD", "valkey-ping"] },
    },
    networksAdvanceds: [{ id: "lamp-data-network-id", aliases: ["sessions"] }],
    placement: { constraints: ["node.role == worker"] },
    resources: { limits: { memoryBytes: 72 * mib }, reservation: { memoryBytes: 16 * mib } },
  });
  expect(taskSpec.containerSpec.mounts).toBeUndefined();
  expect(endpointSpec).toEqual({ mode: "vip" });
  expect(updateConfig).toMatchObject({ order: "stop-first" });
});

test("the password is a secret for each, readable for one user, and never in clear", () => {
  const text = (name: string) => {
    const { data, labels } = find(resources, name).inputs as { data: { secret: string }; labels: unknown };
    expect(labels).toEqual([mark()]);
    return Buffer.from(data.secret, "base64").toString();
  };
  const password = "password of lamp-sessions-credential-generated";
  expect(text("lamp-sessions-password")).toBe(`requirepass ${password}\n`);
  expect(text("lamp-sessions-settings")).toBe(
    [
      "session.save_handler = redis",
      `session.save_path = "tcp://sessions:6379?auth=${password}&timeout=2&read_timeout=2"`,
      "redis.session.locking_enabled = 1",
      "redis.session.lock_expire = 60",
      "redis.session.lock_wait_time = 50000",
      "redis.session.lock_retries = 1200",
      "",
    ].join("\n"),
  );
  const files = (of: string) =>
    service(of).taskSpec.containerSpec.secrets.map(({ fileName, fileUid, fileMode }) => [fileName, fileUid, fileMode]);
  expect(files("sessions")).toEqual([["sessions.conf", "65534", 0o400]]);
  expect(files("php")).toEqual([
    ["mysql-password", "33", 0o400],
    ["sessions.ini", "33", 0o400],
  ]);
  const clear = JSON.stringify(resources, (_, value: unknown) =>
    typeof value === "object" && value !== null && "secret" in value ? "(secret)" : value,
  );
  expect(clear).not.toContain("password of");
});

test("php reads the settings besides its own, stays on its networks, and starts after the store", () => {
  const { containerSpec, networksAdvanceds } = service("php").taskSpec;
  expect(containerSpec.env).toEqual({
    WHERE: "{{.Node.Hostname}} {{.Task.Name}}",
    PHP_INI_SCAN_DIR: ":/run/secrets",
  });
  expect(networksAdvanceds).toEqual([{ id: "lamp-web-network-id", aliases: ["php"] }, { id: "lamp-data-network-id" }]);
  expect(find(resources, "lamp-php-service").dependsOn).toContain("lamp-sessions-converged");
});

test("without them php keeps its arguments", async () => {
  const { containerSpec } = service("php", await lamp()).taskSpec;
  expect(containerSpec.env).toEqual({ WHERE: "{{.Node.Hostname}} {{.Task.Name}}" });
  expect(containerSpec.secrets.map(({ fileName }) => fileName)).toEqual(["mysql-password"]);
});
