import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { containerImage } from "../../infra/images/container";
import { addresses, endedWell, smallConfig, TestFarm } from "../live/farm";
import { until } from "../live/until";
import { FakeRegistry } from "../support/fake-registry";
import { recipes } from "../support/samples";
import { changesNothing } from "../live/unchanged";

const minute = 60_000;
const page = `http://${addresses.worker1}:8095/`;
const login = { user: "maria", password: "of-the-test" };

/** A migration between a database and a page: the order that `depends_on` gives. */
const compose = (hub: string) => `
services:
  db:
    image: swarm-farm/hello
    tmpfs: [/tmp]
    volumes: ["./data:/data"]
  migrate:
    image: swarm-farm/hello
    entrypoint: [/bin/busybox, sh, -c]
    command: ["echo step $\{STEP}; exit $\{STATUS}"]
    depends_on: { db: { condition: service_healthy } }
    deploy: { restart_policy: { condition: none } }
  web:
    image: ${hub}/hello
    environment: { WHERE: "{{.Node.Hostname}} web" }
    tmpfs: [/tmp]
    ports: ["8095:8080"]
    depends_on: { migrate: { condition: service_completed_successfully } }
    deploy: { mode: global, update_config: { order: start-first } }
  node:
    image: swarm-farm/hello
    entrypoint: [/bin/busybox, sh, -c]
    command: ["exec httpd -f -p 8099 -h /www"]
    network_mode: host
    deploy: { placement: { constraints: [node.hostname == worker1] } }
  off:
    image: swarm-farm/hello
    deploy: { replicas: 0 }
`;

jest.setTimeout(30 * minute);

describe("an application with a migration, and an image of another registry", () => {
  const farm = new TestFarm("test-order");
  let hub: FakeRegistry;

  const configure = (step: string, status: number) => {
    farm.configureAs({
      ...smallConfig({ manager1: { role: "manager" }, worker1: { role: "worker" } }),
      stacks: {
        shop: {
          file: join(farm.home, "compose.yaml"),
          variables: { STEP: step, STATUS: String(status) },
          folders: { "./data": "data" },
        },
      },
    });
  };
  const up = async () => {
    const files = { SSL_CERT_FILE: join(hub.authority, "ca.crt"), REGISTRY_AUTH_FILE: join(farm.home, "auth.json") };
    return farm.farm(["up"], { shown: true, env: files });
  };
  const tasksOf = async (service: string) =>
    (await farm.docker("service", "ps", service, "--format", "{{.CurrentState}}"))
      .split("\n")
      .map((state) => state.split(" ")[0]);
  const webTasks = async () => farm.runningTasks("shop_web", "{{.ID}} {{.Node}}");

  beforeAll(async () => {
    hub = await FakeRegistry.start();
    hub.login = login;
    const { layout } = containerImage("hello", join(homedir(), ".cache", "swarm-farm"), recipes);
    const read = (name: string) => readFileSync(join(layout, name));
    const blobs = readdirSync(layout).filter((name) => /^[0-9a-f]{64}$/.test(name));
    hub.add("hello:latest", { manifest: read("manifest.json"), blobs: blobs.map(read) });
    writeFileSync(join(farm.home, "compose.yaml"), compose(hub.address));
    const auth = Buffer.from(`${login.user}:${login.password}`).toString("base64");
    writeFileSync(join(farm.home, "auth.json"), JSON.stringify({ auths: { [hub.address]: { auth } } }));
  });

  afterAll(async () => {
    await hub.stop();
    await farm.end();
  });

  test("the image is copied with the person's own login, and each service begins after those that it depends on", async () => {
    configure("one", 0);
    const { output } = endedWell("./farm up", await up());
    expect(output).toMatch(/1 copied/);
    const mounts = "{{range .Spec.TaskTemplate.ContainerSpec.Mounts}}{{.Type}} {{.Source}},{{end}}";
    expect(await farm.docker("service", "inspect", "-f", mounts, "shop_db")).toContain("volume shop_data,");
    expect(await farm.curl(["-f", page])).toContain("web");
    expect(await tasksOf("shop_migrate")).toEqual(["Complete"]);
    expect(await farm.docker("service", "logs", "--raw", "shop_migrate")).toBe("step one");
    // Global: one on each node.
    expect((await webTasks()).map((task) => task.split(" ")[1]).sort()).toEqual(["manager1", "worker1"]);
    // The node's own network: no port is published.
    expect(await farm.curl(["-f", `http://${addresses.worker1}:8099/`])).toContain("</html>");
    expect(await farm.docker("service", "ls", "--filter", "name=shop_off", "--format", "{{.Replicas}}")).toBe("0/0");
    const created = async (service: string) =>
      Date.parse(
        await farm.docker("service", "inspect", "-f", '{{.CreatedAt.Format "2006-01-02T15:04:05.000Z07:00"}}', service),
      );
    const order = await Promise.all(["shop_db", "shop_migrate", "shop_web"].map(created));
    expect(order).toEqual([...order].sort((a, b) => a - b));
  });

  test("a second up runs nothing again, and asks the other registry nothing", async () => {
    hub.requests.length = 0;
    const before = await webTasks();
    expect(endedWell("./farm up", await up()).output).toMatch(changesNothing);
    expect(hub.requests).toEqual([]);
    expect([await tasksOf("shop_migrate"), await webTasks()]).toEqual([["Complete"], before]);
  });

  test("a changed migration runs once more, and restarts nothing else", async () => {
    const before = await webTasks();
    configure("two", 0);
    endedWell("./farm up", await up());
    expect(await tasksOf("shop_migrate")).toEqual(["Complete", "Complete"]);
    expect(await farm.docker("service", "logs", "--raw", "shop_migrate")).toContain("step two");
    expect(await webTasks()).toEqual(before);
  });

  test("a failed migration fails up with the end of its log, and running services continue", async () => {
    const before = await webTasks();
    configure("three", 3);
    const { status, output } = await up();
    expect(status).not.toBe(0);
    expect(output).toContain("step three");
    expect(output).toMatch(/service shop_migrate: a task failed: .*non-zero exit \(3\)/);
    expect(await webTasks()).toEqual(before);
    expect(await farm.curl(["-f", page])).toContain("web");
    configure("four", 0);
    endedWell("./farm up", await up());
    await until("the page", async () => (await farm.curl(["-f", page])).includes("web"));
    expect(await webTasks()).toEqual(before);
  });
});
