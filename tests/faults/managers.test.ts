import { changedResources, smallConfig, TestFarm } from "../live/farm";
import { until } from "../live/until";

const minute = 60_000;
jest.setTimeout(30 * minute);

const hello = (address: string) => ["run", "--", "curl", "-sS", "--max-time", "30", `http://${address}:8080/`];

/** A swarm with three managers works without any one of them, and `./farm` too. */
describe("a farm with three managers", () => {
  const farm = new TestFarm("test-mgrs");
  const managers = async () =>
    (await farm.docker("node", "ls", "--filter", "role=manager", "--format", "{{.Hostname}} {{.ManagerStatus}}"))
      .split("\n")
      .sort();
  const cluster = () => farm.docker("info", "-f", "{{.Swarm.Cluster.ID}}");
  let swarm = "";

  const manager = { role: "manager" };
  const worker1 = { role: "worker" };
  const three = { manager1: manager, manager2: manager, manager3: manager, worker1 };
  const configure = (nodes: Record<string, unknown>) => {
    farm.configureAs({ ...smallConfig(nodes), hello: { port: 8080, replicas: 4 } });
  };

  beforeAll(async () => {
    farm.configureAs({ ...smallConfig(three), hello: { port: 8080, replicas: 3 } });
    await farm.ok(["up"], { shown: true });
    swarm = await cluster();
  });

  afterAll(() => farm.end());

  test("has three reachable managers with one leader, and no drift", async () => {
    expect(await managers()).toEqual(["manager1 Leader", "manager2 Reachable", "manager3 Reachable"]);
    const again = await farm.ok(["preview"]);
    expect(changedResources(again.output)).toEqual([]);
  });

  test("the leader dies: docker, preview and up use another manager", async () => {
    await farm.virsh("destroy", "test-mgrs.manager1");
    const since = Date.now();
    await until("another leader", async () => (await managers()).some((line) => /^manager[23] Leader$/.test(line)));
    expect(Date.now() - since).toBeLessThan(60_000);
    process.stdout.write(
      `the swarm answered ${String(Math.round((Date.now() - since) / 1000))} s after its leader died\n`,
    );
    expect(changedResources((await farm.ok(["preview"])).output)).toEqual([]);
    configure(three);
    expect(changedResources((await farm.change()).output)).toEqual(["hello-converged", "hello-service"]);
    expect((await farm.ok(hello("10.77.0.21"))).stdout).toContain("hello from ");
    expect(await cluster()).toBe(swarm);
  });

  test("the leader's VM and disk are lost too: up recreates them, and they join the swarm that the others kept", async () => {
    await farm.virsh("undefine", "test-mgrs.manager1");
    await farm.virsh("vol-delete", "manager1.qcow2", "--pool", "swarm-farm-test-mgrs");
    const { output } = await farm.ok(["up", "--refresh"], { shown: true });
    const others = changedResources(output).filter((name) => !name.includes("manager1"));
    // Its registry was on that disk. The rest is only waited for.
    expect(others).toEqual(["hello-converged", "hello-push", "hello-service", "registry-server-converged"]);
    expect(await managers()).toEqual([
      expect.stringMatching(/^manager1 Reachable$/),
      expect.stringMatching(/^manager2 (Leader|Reachable)$/),
      expect.stringMatching(/^manager3 (Leader|Reachable)$/),
    ]);
    expect(await cluster()).toBe(swarm);
    expect((await farm.ok(hello("10.77.0.11"))).stdout).toContain("hello from ");
  });

  test("up does not remove a manager that the quorum needs, and says why", async () => {
    await farm.virsh("suspend", "test-mgrs.manager2");
    try {
      await until("manager2 to be missed", async () => (await managers()).includes("manager2 Unreachable"));
      configure({ ...three, manager3: { ...manager, diskGiB: 11 } });
      const { status, output } = await farm.pulumiUp();
      expect(status).not.toBe(0);
      expect(output).toMatch(/manager3 is not removed: 1 of the 2 other managers answer/);
    } finally {
      await farm.virsh("resume", "test-mgrs.manager2");
      configure(three);
    }
    await farm.change();
    expect(await managers()).toHaveLength(3);
  });

  test("the first manager is replaced by a new one: it is demoted first, and the swarm and the registry stay", async () => {
    configure({ manager2: manager, manager3: manager, manager4: manager, worker1 });
    await farm.change();
    const now = await managers();
    expect(now.map((line) => line.split(" ")[0])).toEqual(["manager2", "manager3", "manager4"]);
    expect(now.filter((line) => line.endsWith("Leader"))).toHaveLength(1);
    expect(await cluster()).toBe(swarm);
    expect(await farm.virsh("list", "--all", "--name")).not.toContain("manager1");
    expect(
      await farm.docker("service", "ps", "registry", "--filter", "desired-state=running", "--format", "{{.Node}}"),
    ).toBe("manager2");
    expect((await farm.ok(hello("10.77.0.12"))).stdout).toContain("hello from ");
    expect(changedResources((await farm.ok(["preview"])).output)).toEqual([]);
  });

  test("a manager and a worker swap roles in place: both keep their VMs and their tasks", async () => {
    const kept = {
      manager4: { role: "worker", address: "10.77.0.14" },
      worker1: { role: "manager", address: "10.77.0.21" },
    };
    configure({ manager2: manager, manager3: manager, ...kept });
    const { output } = await farm.change();
    expect(changedResources(output).filter((name) => /domain|disk|seed|join|service/.test(name))).toEqual([]);
    expect((await managers()).map((line) => line.split(" ")[0])).toEqual(["manager2", "manager3", "worker1"]);
    configure({ manager2: manager, manager3: manager, manager4: manager, worker1 });
    await farm.change();
    expect((await managers()).map((line) => line.split(" ")[0])).toEqual(["manager2", "manager3", "manager4"]);
    expect(await cluster()).toBe(swarm);
  });

  test("two of three are lost: recover continues with the third, and up brings back the others", async () => {
    const running = await farm.runningTasks("hello", "{{.Name}} {{.Node}}");
    await Promise.all(["manager2", "manager4"].map((name) => farm.virsh("destroy", `test-mgrs.${name}`)));
    const { output } = await farm.ok(["recover", "--yes"]);
    expect(output).toContain("manager3 leads the swarm");
    expect(await managers()).toEqual(["manager3 Leader"]);
    expect(await cluster()).toBe(swarm);
    await farm.ok(["up", "--refresh"], { shown: true });
    expect((await managers()).map((line) => line.split(" ")[0])).toEqual(["manager2", "manager3", "manager4"]);
    expect(await farm.runningTasks("hello", "{{.Name}} {{.Node}}")).toHaveLength(running.length);
    const again = await farm.farm(["recover", "--yes"]);
    expect([again.status, again.output]).toEqual([1, expect.stringContaining("the swarm has a leader")]);
  });
});
