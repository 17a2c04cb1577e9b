import { X509Certificate } from "node:crypto";
import { changedResources, smallConfig, TestFarm } from "../live/farm";

const minute = 60_000;
jest.setTimeout(30 * minute);

const nodes = ["manager1", "worker1"] as const;

/** Both nodes are off until the certificates of their swarm have expired: their clocks go on to the day after. */
describe("a farm that was off for years", () => {
  const farm = new TestFarm("test-years");
  const kept = async () =>
    Promise.all(
      [
        ["secret", "ls", "--format", "{{.ID}} {{.Name}}"],
        ["config", "ls", "--format", "{{.ID}} {{.Name}}"],
        ["service", "ls", "--format", "{{.ID}} {{.Name}}"],
        ["info", "-f", "{{.Swarm.Cluster.ID}}"],
      ].map(async (args) => (await farm.docker(...args)).split("\n").sort()),
    );
  const seconds = async (run: Promise<unknown>) => {
    const began = Date.now();
    await run;
    return (Date.now() - began) / 1000;
  };
  let before: string[][] = [];

  beforeAll(async () => {
    farm.configureAs(
      smallConfig({ manager1: { role: "manager" }, worker1: { role: "worker", labels: { db: "true" } } }),
    );
    await farm.ok(["up"], { shown: true });
    before = await kept();
    const end = Math.max(
      ...(await Promise.all(
        nodes.map(async (node) => {
          const { stdout } = await farm.ok(["ssh", node, "cat /var/lib/docker/swarm/certificates/swarm-node.crt"]);
          return Date.parse(new X509Certificate(stdout).validTo) / 1000;
        }),
      )),
    );
    // A time service would correct the clock within half a minute.
    const move = `systemctl stop chrony swarm-farm-clock docker.socket docker; date -s @${String(end + 24 * 3600)}; systemctl start docker.socket docker`;
    await Promise.all(nodes.map(async (node) => farm.ok(["ssh", node, move])));
  });

  afterAll(() => farm.end());

  test("doctor and up name the nodes and the remedy, without waiting for a swarm that never answers", async () => {
    const warning = /the swarm's certificates of manager1, worker1 have expired \(\d{4}-\d\d-\d\d\): \.\/farm recover/;
    for (const command of ["doctor", "up"]) {
      let output = "";
      const took = await seconds(
        farm.farm([command]).then((ended) => {
          expect(ended.status).not.toBe(0);
          output = ended.output;
        }),
      );
      expect(output).toMatch(warning);
      expect(took).toBeLessThan(60);
    }
  });

  test("a refresh fails, and says what to do", async () => {
    const { status, output } = await farm.withEnv("pulumi refresh --yes --skip-preview --non-interactive");
    expect(status).not.toBe(0);
    expect(output).toMatch(/the swarm's certificates have expired \(manager1 .*\): \.\/farm recover/);
  });

  test("recover and up --refresh bring it back with every service, secret and config", async () => {
    const { output } = await farm.ok(["recover", "--yes"], { shown: true });
    expect(output).toContain("manager1 leads the swarm");
    expect(await kept()).toEqual(before);
    const up = await farm.ok(["up", "--refresh"], { shown: true });
    expect(changedResources(up.output).filter((name) => /domain|disk|seed|init|secret|config/.test(name))).toEqual([]);
    expect(await farm.docker("node", "ls", "--format", "{{.Hostname}} {{.Status}}")).toMatch(/^(\w+ Ready\n?){2}$/);
    expect(await farm.docker("node", "inspect", "worker1", "-f", "{{.Spec.Labels.db}}")).toBe("true");
    expect(await kept()).toEqual(before);
    for (const address of ["10.77.0.11", "10.77.0.21"]) {
      const page = await farm.ok(["run", "--", "curl", "-sS", "--max-time", "30", `http://${address}:8080/`]);
      expect(page.stdout).toContain("hello from ");
    }
    const again = await farm.farm(["recover", "--yes"]);
    expect([again.status, again.output]).toEqual([1, expect.stringContaining("the swarm has a leader")]);
  });

  test("doctor reports that nothing synchronizes the clocks", async () => {
    const { output } = await farm.farm(["doctor"]);
    expect(output).toMatch(/worker1: its clock .*chronyd does not run/);
    expect(output).not.toContain("expired");
  });
});
