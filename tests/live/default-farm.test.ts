import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { TestFarm, type Ended } from "./farm";
import { secretsTest } from "./parts/secrets";
import { nodeNames, swarmTests } from "./parts/swarm";

const minute = 60_000;

/** Building the farm from nothing under software emulation, on two busy cores. */
jest.setTimeout(25 * minute);

/** The shipped configuration, brought up once; the tests run in order and share it. */
describe("the default farm", () => {
  const farm = new TestFarm("test-live");
  let shown = "";

  beforeAll(async () => {
    farm.configureAsShipped("dev");
    shown = (await farm.ok(["up"], { shown: true })).output;
  });

  afterAll(async () => {
    if (existsSync(join(farm.home, "s", "swarm-farm", farm.stack))) await farm.farm(["destroy"]);
    farm.remove();
  });

  const docker = async (...args: string[]) => (await farm.ok(["docker", ...args])).stdout.trim();

  /** What only `up` itself writes: the summary of Pulumi's last run. */
  const summary = (output: string) => output.slice(output.lastIndexOf("Resources:"));

  test("up ends with the nodes, their patch level and the pages' addresses", () => {
    const table = shown.slice(shown.lastIndexOf("NODE"));
    for (const name of nodeNames) expect(table).toMatch(new RegExp(`^${name} `, "m"));
    expect(table).toMatch(/^worker3 +worker +10\.77\.0\.23 +db=true/m);
    expect(table).toMatch(/debian 13\.\d+ · 6\.\S+ · docker \d+/);
    expect(table).toMatch(/http:\/\/127\.0\.0\.1:\d+\/? +hello/);
  });

  describe("its swarm", () => {
    swarmTests(farm, () => shown);
  });
  secretsTest(farm, () => shown, nodeNames);

  test("a second up changes nothing", async () => {
    const again = await farm.ok(["up"]);
    expect(summary(again.output)).toMatch(/^Resources:\n +\d+ unchanged\n/);
  });

  test("what is really there is what was asked for, also to plain pulumi", async () => {
    // The libvirt provider was seen to hang in a refresh (see run_pulumi): a deadline, and a second try that must do.
    const refresh = "timeout --kill-after 10 120 pulumi preview --refresh --expect-no-changes --non-interactive";
    const preview = await farm.withEnv(`${refresh} || { [ $? -ge 124 ] && ${refresh}; }`);
    expect(preview.output).toMatch(/\d+ unchanged/);
    expect(preview.status).toBe(0);
  });

  test("replicas change in place, a label goes, and a node that gets more memory keeps its disk and its place", async () => {
    const disk = await farm.ok(["ssh", "worker2", "echo kept >/var/lib/mark"]);
    expect(disk.status).toBe(0);
    const config = readFileSync(farm.stackFile, "utf8");
    const changed = config
      .replace("port: 8080", "port: 8080\n    replicas: 5")
      .replace('labels:\n        db: "true"', "labels: {}")
      .replace("worker2:\n      role: worker", "worker2:\n      role: worker\n      memoryMiB: 1200");
    writeFileSync(farm.stackFile, changed);
    const preview = await farm.ok(["preview"]);
    const changes = preview.output.matchAll(/^ +(?:\+-|-|~) +\S+:\S+:\S+ (\S+) /gm);
    const names = [...new Set([...changes].map((match) => match[1] ?? ""))];
    expect(names.filter((name) => !name.includes("worker2")).sort()).toEqual([
      "hello-converged",
      "hello-service",
      "worker3-label-db",
    ]);
    expect(names).not.toContain("worker2-disk");

    await farm.ok(["up"], { shown: true });
    expect(await docker("service", "ls", "--filter", "name=hello", "--format", "{{.Replicas}}")).toBe("5/5");
    expect(await docker("node", "inspect", "worker3", "-f", "{{json .Spec.Labels}}")).toBe("{}");
    expect((await farm.ok(["ssh", "worker2", "cat /var/lib/mark"])).stdout.trim()).toBe("kept");
    const lines = (await docker("node", "ls", "--format", "{{.Hostname}} {{.Status}}")).split("\n");
    expect(lines.sort()).toEqual(nodeNames.map((name) => `${name} Ready`));
    const bytes = Number(await docker("node", "inspect", "worker2", "-f", "{{.Description.Resources.MemoryBytes}}"));
    expect(bytes).toBeGreaterThan(1100 * 1024 ** 2);
  });

  test("a node that is not like the others fails up, which names it", async () => {
    const report = /urn:\S+::worker1-report/.exec((await farm.withEnv("pulumi stack --show-urns")).stdout)?.[0] ?? "";
    const status = "/var/lib/dpkg/status";
    await farm.ok([
      "ssh",
      "worker1",
      `cp ${status} ${status}.kept && sed -i '/^Package: curl$/,/^$/s/^Version: .*/Version: 99/' ${status}`,
    ]);
    try {
      const refused = await farm.farm(["up", "--replace", report]);
      expect(refused.status).not.toBe(0);
      expect(refused.output).toMatch(/nodes differ in patch level: worker1 has packages '\w+', manager1 has '\w+'/);
    } finally {
      await farm.ok(["ssh", "worker1", `mv ${status}.kept ${status}`]);
    }
    await farm.ok(["up", "--replace", report]);
  });

  test("destroy leaves nothing, and a farm can be built in its place", async () => {
    const namespace = (await farm.ok(["run", "--", "ip", "netns", "identify"])).stdout.trim();
    expect(namespace).toMatch(/^farm-test-live-/);
    await farm.ok(["destroy"]);
    await expectNothingLeft(farm, namespace);

    // One node is enough to see it, the smallest farm there is; this time with plain pulumi.
    const single = {
      hosts: { local: { uri: "qemu:///system" } },
      nodes: { solo1: { role: "manager" } },
      hello: { port: 8081 },
    };
    const config = Object.fromEntries(Object.entries(single).map(([key, value]) => [`swarm-farm:${key}`, value]));
    writeFileSync(farm.stackFile, JSON.stringify({ config }));
    await expectOk(farm.withEnv("pulumi up --yes --skip-preview --non-interactive"));
    const answer = await farm.ok(["run", "--", "curl", "-sS", "--max-time", "20", "http://10.77.0.11:8081/"]);
    expect(answer.stdout).toContain("hello from solo1");
    await expectOk(farm.withEnv("pulumi destroy --yes --skip-preview --non-interactive"));
    await expectNothingLeft(farm, namespace);
  });
});

async function expectOk(ending: Promise<Ended>): Promise<void> {
  const { status, output } = await ending;
  if (status !== 0) throw new Error(output);
}

/** No namespace, no process in one, no process of the farm's, and no file but the history of the stack. */
async function expectNothingLeft(farm: TestFarm, namespace: string): Promise<void> {
  const { stdout: namespaces } = await promisify(execFile)("ip", ["netns", "list"]);
  expect(namespaces).not.toContain(namespace);
  const commandLines = readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .map((pid) => {
      try {
        return readFileSync(join("/proc", pid, "cmdline"), "utf8").replaceAll("\0", " ");
      } catch {
        return "";
      }
    });
  expect(commandLines.filter((line) => line.includes(farm.home) || line.includes(`guest=${farm.stack}.`))).toEqual([]);
  expect(readdirSync(join(farm.home, "s", "swarm-farm"))).toEqual(["pulumi"]);
}
