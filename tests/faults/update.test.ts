import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { changedResources, origin, repository, smallConfig, TestFarm, type Ended } from "../live/farm";
import { until } from "../live/until";

const minute = 60_000;
jest.setTimeout(60 * minute);

/** Longer than `up` takes on a busy machine, from the first balancer's stop to its end. */
const drainSeconds = 240;
const sockets = 50;
const requests = 3000;

const Result = z.object({
  sent: z.number(),
  failures: z.array(z.string()),
  sockets: z.number(),
  /** WebSockets that are open and hear what another one sends. */
  hear: z.number(),
});

const stopFile = (farm: TestFarm) => join(farm.home, "stop-clients");

/** WebSockets and requests in the farm's own namespace while something else happens. */
async function underClients(farm: TestFarm, happens: () => Promise<unknown>): Promise<z.infer<typeof Result>> {
  const begun = join(farm.home, "clients-begun");
  for (const file of [begun, stopFile(farm)]) rmSync(file, { force: true });
  const script = join(repository, "tests", "faults", "update", "clients.ts");
  const args = [origin, stopFile(farm), begun, String(sockets), String(requests)];
  const node = [process.execPath, "--import", "tsx", script, ...args];
  const ended: Promise<Ended> = farm.farm(["run", "--", "env", `NODE_EXTRA_CA_CERTS=${farm.authority}`, ...node]);
  try {
    await until("the clients", () => Promise.resolve(existsSync(begun)), 2 * minute);
    await happens();
  } finally {
    writeFileSync(stopFile(farm), "");
  }
  const { status, stdout, output } = await ended;
  if (status !== 0) throw new Error(`the clients ended with ${String(status)}:\n${output}`);
  return Result.parse(JSON.parse(stdout));
}

/** A farm that exists gets a grace for its load balancer; then that is updated under requests and WebSockets. */
describe.each(["nginx", "haproxy"] as const)("a load balancer with a grace: %s", (implementation) => {
  const farm = new TestFarm(`test-update-${implementation}`);
  const compose = join(farm.home, "websocket", "compose.yaml");

  const configure = (loadbalancer: object, more: object = {}, others: Record<string, unknown> = {}) => {
    const nodes = { manager1: { role: "manager" }, worker1: { role: "worker" }, ...others };
    farm.configureAs({
      ...smallConfig(nodes),
      hello: { replicas: 2 },
      stacks: { counter: { file: compose, routes: { counter: { service: "counter", port: 8080 } } } },
      loadbalancer: { implementation, ...loadbalancer },
      ...more,
    });
  };
  const routes = (readTimeoutSeconds: number) => ({
    routes: { hello: { path: "/hello/", readTimeoutSeconds }, counter: { path: "/counter/" } },
  });
  const tasks = () => farm.runningTasks("loadbalancer", "{{.Node}} {{.ID}}");
  const isUp = async (): Promise<readonly string[]> => {
    const { output } = await farm.ok(["up", "--yes"], { shown: true });
    return changedResources(output);
  };

  beforeAll(async () => {
    cpSync(join(repository, "examples", "websocket"), join(farm.home, "websocket"), { recursive: true });
    writeFileSync(compose, readFileSync(compose, "utf8").replace(/^ +ports: .*\n/m, ""));
    configure(routes(60));
    await farm.ok(["up"], { shown: true });
    await farm.trustAuthority();
  });

  afterAll(() => farm.end());

  test("the key installs a program on each node and updates the load balancer once; no VM changes", async () => {
    configure({ ...routes(60), drainSeconds });
    const changed = await isUp();
    expect(changed).toEqual(expect.arrayContaining(["manager1-handover", "worker1-handover"]));
    expect(changed.filter((name) => !/^(\S+-handover|loadbalancer\S*)$/.test(name))).toEqual([]);
    expect(await farm.curl([`${origin}/hello/`])).toContain("hello from ");
    expect(await farm.curl(["https://10.77.0.21/hello/"])).toContain("hello from ");
    expect(changedResources((await farm.ok(["preview"])).output)).toEqual([]);
  });

  test("3,000 requests and 50 WebSockets during an update of routes and certificate: none is lost", async () => {
    const before = await tasks();
    const seen = await underClients(farm, async () => {
      configure({ ...routes(90), drainSeconds }, { rotate: { certificate: 2 } });
      await isUp();
    });
    process.stdout.write(`${implementation}: ${JSON.stringify(seen)}\n`);
    expect(seen).toEqual({ sent: expect.any(Number) as number, failures: [], sockets, hear: sockets });
    expect(seen.sent).toBeGreaterThanOrEqual(requests);
    for (const task of before) expect(await tasks()).not.toContain(task);
  });

  test("the handover is killed during an update, and Docker of a node restarts: the ports answer", async () => {
    const kill = farm.ok(["ssh", "worker1", "systemctl kill -s KILL swarm-farm-handover"]);
    configure({ ...routes(120), drainSeconds }, { rotate: { certificate: 2 } });
    await Promise.all([isUp(), kill]);
    expect(await farm.curl(["https://10.77.0.21/hello/"])).toContain("hello from ");
    await farm.ok(["ssh", "worker1", "systemctl restart docker"]);
    await until(
      "the balancer of worker1",
      async () => (await farm.curl(["https://10.77.0.21/hello/"])).includes("hello from "),
      5 * minute,
    );
  });

  test("another node, which goes again, touches neither the balancers that stay nor their connections", async () => {
    const rotated = { rotate: { certificate: 2 } };
    configure({ ...routes(120), drainSeconds }, rotated);
    // The node whose Docker was restarted may have been taken for dead: its tasks move, and the one behind the WebSockets with them.
    await isUp();
    const serving = () => farm.runningTasks("counter_counter", "{{.Node}} {{.ID}}");
    const [before, server] = [await tasks(), await serving()];
    const seen = await underClients(farm, async () => {
      configure({ ...routes(120), drainSeconds }, rotated, { worker2: { role: "worker" } });
      await isUp();
      await until(
        "the new node's balancer",
        async () => (await farm.curl(["https://10.77.0.22/hello/"])).includes("hello from "),
        5 * minute,
      );
      configure({ ...routes(120), drainSeconds }, rotated);
      await isUp();
    });
    expect(await serving()).toEqual(server);
    expect(seen).toEqual({ sent: expect.any(Number) as number, failures: [], sockets, hear: sockets });
    expect(await tasks()).toEqual(before);
  });

  test("without the key the program is gone with its rules, and the ports answer", async () => {
    configure(routes(120), { rotate: { certificate: 2 } });
    await isUp();
    expect(await farm.curl([`${origin}/hello/`])).toContain("hello from ");
    const rules = await farm.ok(["ssh", "worker1", "iptables-save; systemctl list-units --all 'swarm-farm-*'"]);
    expect(rules.stdout).not.toMatch(/SWARM-FARM-LB|handover/);
  });
});
