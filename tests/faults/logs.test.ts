import { setTimeout as pause } from "node:timers/promises";
import { changedResources, containerOf, origin, smallConfig, TestFarm } from "../live/farm";
import { until } from "../live/until";

const minute = 60_000;
jest.setTimeout(30 * minute);

/** Printed at once by one task. */
const burst = 20_000;

/** A farm that exists stores its logs; then the store is away, a task prints as fast as it can, and a node goes. */
describe("a farm that stores its logs", () => {
  const farm = new TestFarm("test-logs");

  const configure = (nodes: readonly string[], more: object) => {
    farm.configureAs({
      ...smallConfig(Object.fromEntries(nodes.map((name) => [name, { role: name.replace(/\d/, "") }]))),
      hello: { replicas: 2 },
      loadbalancer: { routes: { hello: { path: "/" }, logs: { path: "/logs/", login: true } } },
      ...more,
    });
  };
  const both = ["manager1", "worker1"];
  const logs = async (...args: readonly string[]) =>
    (await farm.ok(["logs", ...args])).stdout.split("\n").filter(Boolean);
  /** The load balancers log each request, with its path. */
  const ask = (address: string, path: string) => farm.curl(["-o", "/dev/null", `https://${address}/${path}`]);
  const has = (what: string, lines: number) =>
    until(
      `${String(lines)} lines with ${what}`,
      async () => (await logs("loadbalancer", "--grep", what)).length === lines,
      3 * minute,
    );

  beforeAll(async () => {
    configure(both, {});
    await farm.ok(["up"], { shown: true });
    await farm.trustAuthority();
  });

  afterAll(() => farm.end());

  test("without the store the command says what to do", async () => {
    const { status, output } = await farm.farm(["logs"]);
    expect([status, output]).toEqual([1, expect.stringContaining("add swarm-farm:logs: {} to") as string]);
  });

  test("up deploys it, touches no service that was there but the load balancer, and a preview shows nothing", async () => {
    configure(both, { logs: {} });
    const { output } = await farm.ok(["up", "--yes"], { shown: true });
    expect(changedResources(output)).toEqual(expect.arrayContaining(["logs-store-service", "worker1-logs"]));
    expect(changedResources(output).filter((name) => /^(hello|registry-server)/.test(name))).toEqual([]);
    expect(changedResources((await farm.ok(["preview"])).output)).toEqual([]);
  });

  test("what tasks print on each node, and the nodes' journals, are found by service, node, unit, text and time", async () => {
    await ask("10.77.0.11", "?first=manager1");
    await ask("10.77.0.21", "?first=worker1");
    await has("first=", 2);
    const [line = "", ...others] = await logs("loadbalancer", "--node", "worker1", "--grep", "first=");
    expect(others).toEqual([]);
    expect(line).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z worker1 loadbalancer \| .*first=worker1/);
    expect(await logs("hello", "--grep", "first=")).toEqual([]);
    await until("the journal of Docker on each node", async () => {
      const nodes = new Set((await logs("--unit", "docker", "--since", "1d")).map((entry) => entry.split(" ")[1]));
      return both.every((node) => nodes.has(node));
    });
    expect(await logs("--since", "1s", "--grep", "first=")).toEqual([]);
  });

  test("--follow prints a line that comes", async () => {
    const followed = farm.farm(["logs", "--follow", "--grep", "followed"], { through: ["timeout", "-s", "INT", "75"] });
    // So long that the sender looks at the file of a quiet task as seldom as it does.
    await pause(30_000);
    await ask("10.77.0.21", "?followed");
    const { stdout, status } = await followed;
    expect(stdout).toMatch(/ worker1 loadbalancer \| .*\?followed/);
    expect(status).toBe(124);
    const left = await farm.ok(["ssh", "manager1", "pgrep -f [s]elect/logsql/tail || true"]);
    expect(left.stdout.trim()).toBe("");
  });

  test("the page is behind a login", async () => {
    const password = (await farm.ok(["secret", "admin"])).stdout.trim();
    const page = [`${origin}/logs/select/vmui/`];
    const status = ["-o", "/dev/null", "-w", "%{http_code}"];
    expect(await farm.curl([...status, ...page])).toBe("401");
    expect(await farm.curl(["-u", `admin:${password}`, ...page])).toContain("<html");
  });

  test("nothing is lost while the store is away for ten minutes", async () => {
    await farm.docker("service", "scale", "-d", "logs-store=0");
    const started = Date.now();
    for (const round of [1, 2, 3, 4, 5]) {
      await ask("10.77.0.21", `?away=${String(round)}`);
      await farm.ok(["ssh", "worker1", `logger -t away "away ${String(round)}"`]);
      await pause(Math.max(0, started + round * 2 * minute - Date.now()));
    }
    await farm.docker("service", "scale", "-d", "logs-store=1");
    await has("away=", 5);
    await until("the journal", async () => (await logs("--grep", "^away [0-9]$")).length === 5, 3 * minute);
  });

  test("a task that prints as fast as it can is stored as a whole", async () => {
    const image = await farm.docker("service", "inspect", "-f", "{{.Spec.TaskTemplate.ContainerSpec.Image}}", "hello");
    const logging = ["--log-driver", "json-file", "--log-opt", "tag={{.Name}}"];
    const where = ["--restart-condition", "none", "--constraint", "node.hostname==worker1"];
    const print = `i=0; while [ $i -lt ${String(burst)} ]; do i=$((i+1)); echo "burst line $i of a task that prints what others print too"; done`;
    await farm.docker(
      "service",
      "create",
      "-d",
      "--name",
      "burst",
      ...where,
      ...logging,
      "--entrypoint",
      "sh",
      image,
      "-c",
      print,
    );
    const count = async () => (await logs("burst", "--lines", String(burst))).length;
    const from = Date.now();
    await until("the first line", async () => (await count()) > 0, 5 * minute);
    await until("all lines", async () => (await count()) === burst, 10 * minute);
    const [first = "", last = ""] = [
      (await logs("burst", "--lines", String(burst)))[0],
      (await logs("burst", "-n", "1"))[0],
    ];
    const printed = (Date.parse(last.split(" ")[0] ?? "") - Date.parse(first.split(" ")[0] ?? "")) / 1000;
    process.stdout.write(
      `${String(burst)} lines printed in ${String(printed)} s, all stored ${((Date.now() - from) / 1000).toFixed(0)} s after the service was created\n`,
    );
    await farm.docker("service", "rm", "burst");
    const memory = "docker stats --no-stream --format '{{.Name}} {{.MemUsage}} {{.CPUPerc}}' | grep ^logs-";
    for (const node of both) process.stdout.write(`${node}:\n${(await farm.ok(["ssh", node, memory])).stdout}`);
  });

  test("the logs of a node that is gone are kept", async () => {
    configure(["manager1"], { logs: {}, hello: { replicas: 1 } });
    await farm.ok(["up", "--yes"], { shown: true });
    expect(await logs("loadbalancer", "--node", "worker1", "--grep", "first=", "--since", "1d")).toHaveLength(1);
  });

  test("without the key services, network and folders are gone", async () => {
    configure(["manager1"], { hello: { replicas: 1 } });
    await farm.ok(["up", "--yes"], { shown: true });
    const services = await farm.docker("service", "ls", "--format", "{{.Name}}");
    expect(services.split("\n").filter((name) => name.startsWith("logs"))).toEqual([]);
    const left = await farm.ok([
      "ssh",
      "manager1",
      `ls -d /var/lib/swarm-farm/logs 2>/dev/null; echo ${containerOf("logs-tasks")}`,
    ]);
    expect(left.stdout.trim()).toBe("");
  });
});
