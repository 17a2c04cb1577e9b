import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { shippedConfig, TestFarm, type Ended } from "./farm";

const minute = 60_000;

/** Building the farm from nothing under software emulation, on two busy cores. */
jest.setTimeout(20 * minute);

const Outputs = z.object({
  nodes: z.array(
    z.object({
      name: z.string(),
      role: z.enum(["manager", "worker"]),
      host: z.string(),
      address: z.string(),
      labels: z.record(z.string(), z.string()),
      patchLevel: z.object({ os: z.string(), kernel: z.string(), docker: z.string(), packages: z.string() }),
    }),
  ),
  urls: z.object({ hello: z.string() }),
});

const nodeNames = ["manager1", "worker1", "worker2", "worker3"];

/** The shipped configuration, brought up once; the tests run in order and share it. */
describe("the default farm", () => {
  const farm = new TestFarm("test-live");
  let shown = "";

  beforeAll(async () => {
    farm.configureAsShipped();
    shown = (await farm.ok(["up"], { shown: true })).output;
  });

  afterAll(async () => {
    if (existsSync(join(farm.home, "s", "swarm-farm", farm.stack))) await farm.farm(["destroy"]);
    farm.remove();
  });

  const outputs = async () => Outputs.parse(JSON.parse((await farm.ok(["outputs", "--json"])).stdout));
  const docker = async (...args: string[]) => (await farm.ok(["docker", ...args])).stdout.trim();
  const page = async (address: string) =>
    (await farm.ok(["run", "--", "curl", "-sS", "--max-time", "20", `http://${address}:8080/`])).stdout;

  /** What only `up` itself writes: the summary of Pulumi's last run. */
  const summary = (output: string) => output.slice(output.lastIndexOf("Resources:"));

  test("up ends with the nodes, their patch level and the page's address", () => {
    const table = shown.slice(shown.lastIndexOf("NODE"));
    for (const name of nodeNames) expect(table).toMatch(new RegExp(`^${name} `, "m"));
    expect(table).toMatch(/^worker3 +worker +10\.77\.0\.23 +db=true/m);
    expect(table).toMatch(/debian 13\.\d+ · 6\.\S+ · docker \d+/);
    expect(table).toMatch(/http:\/\/127\.0\.0\.1:\d+ +hello/);
  });

  test("outputs --json gives every node and URL", async () => {
    const { nodes, urls } = await outputs();
    expect(nodes.map((node) => node.name)).toEqual(nodeNames);
    expect(nodes.map((node) => node.role)).toEqual(["manager", "worker", "worker", "worker"]);
    expect(nodes[3]?.labels).toEqual({ db: "true" });
    expect(new Set(nodes.map((node) => JSON.stringify(node.patchLevel))).size).toBe(1);
    expect(urls.hello).toBe("http://10.77.0.11:8080");
  });

  test("docker lists four ready nodes under their own names, one of them leading", async () => {
    const lines = (await docker("node", "ls", "--format", "{{.Hostname}} {{.Status}} {{.ManagerStatus}}")).split("\n");
    expect(lines.map((line) => line.trim()).sort()).toEqual([
      "manager1 Ready Leader",
      "worker1 Ready",
      "worker2 Ready",
      "worker3 Ready",
    ]);
    expect(await docker("node", "inspect", "worker3", "-f", "{{json .Spec.Labels}}")).toBe('{"db":"true"}');
  });

  test("the page answers on every node and comes from every node", async () => {
    const { nodes } = await outputs();
    const seen = new Set<string>();
    // Each node's mesh goes round all four tasks.
    for (const node of [...nodes, ...nodes, ...nodes, ...nodes]) {
      const name = /id="node">([^<]+)</.exec(await page(node.address))?.[1];
      expect(nodeNames).toContain(name);
      seen.add(name ?? "");
    }
    expect([...seen].sort()).toEqual(nodeNames);
  });

  test("the page opens from this machine through the forwarded port", async () => {
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(shown.slice(shown.lastIndexOf("NODE")))?.[0] ?? "";
    const { stdout } = await promisify(execFile)("curl", ["-sS", "--max-time", "20", url]);
    expect(stdout).toContain("hello from");
  });

  test("./farm ssh runs a command on the node that it names", async () => {
    expect((await farm.ok(["ssh", "worker2", "hostname"])).stdout.trim()).toBe("worker2");
    const missing = await farm.farm(["ssh", "worker9", "hostname"]);
    expect(missing.status).not.toBe(0);
    expect(missing.output).toContain("there is no node 'worker9'; there are: manager1, worker1, worker2, worker3");
  });

  test("another machine in a node's place is refused", async () => {
    const folder = join(farm.home, "s", "swarm-farm", farm.stack, "ssh");
    const known = join(folder, "worker1.known");
    const right = readFileSync(known, "utf8");
    const other = readFileSync(join(folder, "worker2.known"), "utf8").split(" ").slice(1).join(" ");
    await farm.ok(["run", "--", "ssh", "-F", join(folder, "config"), "-O", "exit", "worker1"]).catch(() => undefined);
    writeFileSync(known, `10.77.0.21 ${other}`);
    try {
      const refused = await farm.farm(["ssh", "worker1", "hostname"]);
      expect(refused.status).not.toBe(0);
      expect(refused.output).toMatch(/host key verification failed/i);
    } finally {
      writeFileSync(known, right);
    }
  });

  test("every node's console is in a log file", async () => {
    for (const name of nodeNames) {
      const log = await farm.ok(["run", "--", "cat", `/var/log/libvirt/qemu/${farm.stack}.${name}.console.log`]);
      expect(log.stdout).toContain(`swarm-farm: ${name} docker ready after`);
    }
  });

  test("no private key or token lies in the state in the clear", async () => {
    const key = readFileSync(join(farm.home, "s", "swarm-farm", farm.stack, "ssh", "id_ed25519"), "utf8");
    const token = await docker("swarm", "join-token", "-q", "worker");
    const secrets = [key.split("\n")[2] ?? "", token];
    for (const file of filesBelow(join(farm.home, "s", "swarm-farm", "pulumi"))) {
      const text = readFileSync(file, "utf8");
      for (const secret of secrets) expect(text.includes(secret)).toBe(false);
      expect(text).not.toContain("OPENSSH PRIVATE KEY");
    }
    expect(shown).not.toContain(token);
    expect(statSync(join(farm.home, "c", "swarm-farm", "passphrase")).mode & 0o777).toBe(0o600);
  });

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
    expect(names.filter((name) => !name.includes("worker2")).sort()).toEqual(["hello-service", "worker3-label-db"]);
    expect(names).not.toContain("worker2-disk");

    await farm.ok(["up"], { shown: true });
    expect(await docker("service", "ls", "--format", "{{.Name}} {{.Replicas}}")).toBe("hello 5/5");
    expect(await docker("node", "inspect", "worker3", "-f", "{{json .Spec.Labels}}")).toBe("{}");
    expect((await farm.ok(["ssh", "worker2", "cat /var/lib/mark"])).stdout.trim()).toBe("kept");
    const lines = (await docker("node", "ls", "--format", "{{.Hostname}} {{.Status}}")).split("\n");
    expect(lines.sort()).toEqual(nodeNames.map((name) => `${name} Ready`));
    const bytes = Number(await docker("node", "inspect", "worker2", "-f", "{{.Description.Resources.MemoryBytes}}"));
    expect(bytes).toBeGreaterThan(1100 * 1024 ** 2);
  });

  test("a node that is not like the others fails up, which names it", async () => {
    const report = (await farm.withEnv("pulumi stack --show-urns")).stdout.match(/urn:\S+::worker1-report/)?.[0] ?? "";
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

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
