import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { addresses, changedResources, repository, smallConfig, TestFarm } from "../live/farm";
import { until } from "../live/until";

const minute = 60_000;
jest.setTimeout(40 * minute);

const name = "shop.example.internal";
const gateway = "10.77.0.1";
/** So short that it is due after a few minutes. */
const validitySeconds = 900;

/**
 * A certificate of pebble, which runs in the farm's namespace at the gateway's address, and looks every name up at worker1: HTTP-01 goes
 * through a balancer on another node than the client's may be.
 */
describe("a certificate of an ACME directory", () => {
  const farm = new TestFarm("test-acme");
  const program = join(farm.home, "directory");
  const [cert, key] = ["root.pem", "root.key"].map((file) => join(farm.home, file)) as [string, string];
  let directory: ChildProcess | undefined;

  const start = async () => {
    const files = ["-cert", cert, "-key", key, "-validity", String(validitySeconds)];
    const args = ["-address", gateway, "-node", addresses.worker1, ...files];
    directory = spawn("ip", ["netns", "exec", await farm.namespace(), program, ...args], { stdio: "ignore" });
  };
  const stop = () => {
    directory?.kill("SIGKILL");
  };
  /** Who issued what a node serves, and when it ends; empty while it serves nothing. */
  const served = async (address: string): Promise<string> => {
    const command = `openssl s_client -connect ${address}:443 -servername ${name} </dev/null 2>/dev/null | openssl x509 -noout -issuer -enddate || true`;
    return (await farm.ok(["run", "--", "sh", "-c", command])).stdout.trim();
  };
  const nodes = [addresses.manager1, addresses.worker1];
  const everywhere = async () => [...new Set(await Promise.all(nodes.map(served)))];
  const isPebbles = (text: string) => text.includes("Pebble");
  const lines = async () => farm.docker("service", "logs", "--raw", "--tail", "50", "loadbalancer-acme");

  beforeAll(async () => {
    execFileSync("go", ["build", "-o", program, "./fake/directory"], {
      cwd: join(repository, "apps", "acme"),
    });
    const config = smallConfig({ manager1: { role: "manager" }, worker1: { role: "worker" } });
    farm.configureAs(config);
    execFileSync("openssl", [
      ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"],
      ...["-subj", "/CN=directory", "-addext", `subjectAltName=IP:${gateway}`, "-keyout", key, "-out", cert],
    ]);
    await farm.ok(["up"], { shown: true });
    const acme = { email: "me@example.com", agreeToTerms: true, directory: `https://${gateway}:14000/dir`, ca: cert };
    farm.configureAs({ ...config, loadbalancer: { hostnames: [name], certificate: { acme } } });
  });

  afterAll(async () => {
    stop();
    await farm.end();
  });

  test("up ends while the directory is away, with the reason, and the farm's own certificate is served", async () => {
    const { output } = await farm.ok(["up"], { shown: true });
    expect(output).toMatch(/the load balancer('s certificate cannot be obtained| has no certificate)/);
    expect((await everywhere()).some(isPebbles)).toBe(false);
    await until("an attempt", async () => (await lines()).includes("the directory cannot be read"), 5 * minute);
    expect((await farm.farm(["doctor"])).output).toContain("the load balancer's certificate cannot be obtained");
  });

  test("once the directory answers all nodes serve its certificate, and a preview shows nothing", async () => {
    await start();
    await until("pebble's certificate", async () => (await everywhere()).every(isPebbles), 20 * minute);
    const preview = await farm.ok(["preview"]);
    expect(changedResources(preview.output)).toEqual([]);
  });

  test("a renewal reaches all nodes without a lost request, and is in no preview", async () => {
    const before = await everywhere();
    const requests = { sent: 0, failed: 0 };
    const load = { runs: true };
    const sending = (async () => {
      while (load.runs) {
        requests.sent++;
        const { status } = await farm.tryCurl(["-fko", "/dev/null", `https://${addresses.worker1}/hello/`]);
        if (status !== 0) requests.failed++;
      }
    })();
    const renewed = async () => {
      const now = await everywhere();
      return now.length === 1 && !before.includes(now.join());
    };
    await until("another certificate on all nodes", renewed, 25 * minute);
    load.runs = false;
    await sending;
    expect(requests.failed).toBe(0);
    expect(requests.sent).toBeGreaterThan(10);
    expect(changedResources((await farm.ok(["preview"])).output)).toEqual([]);
  });

  test("when the node of the client is lost, another task goes on with the certificate that is served", async () => {
    stop();
    const [node = ""] = await farm.runningTasks("loadbalancer-acme", "{{.Node}}");
    const before = await everywhere();
    await farm.docker("node", "update", "--availability", "drain", node);
    const elsewhere = async () =>
      (await farm.runningTasks("loadbalancer-acme", "{{.Node}} {{.CurrentState}}")).some(
        (task) => !task.startsWith(node) && task.includes("Running"),
      );
    await until("a task on another node", elsewhere, 5 * minute);
    await farm.docker("node", "update", "--availability", "active", node);
    expect(before.every(isPebbles)).toBe(true);
    await until(
      "the balancer of the node that was drained",
      async () => (await everywhere()).every(isPebbles),
      5 * minute,
    );
  });
});
