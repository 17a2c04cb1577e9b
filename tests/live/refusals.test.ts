import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { endedWell, shippedConfig, TestFarm } from "./farm";

const minute = 60_000;
jest.setTimeout(3 * minute);

/** Failures before any VM exists: one clear message, a non-zero exit, and nothing in the way of the next run. */
describe("the farm refuses", () => {
  const farm = new TestFarm("test-refusals");
  const state = join(farm.home, "s", "swarm-farm");

  beforeAll(async () => {
    writeFileSync(farm.stackFile, shippedConfig());
    // Brings the stack and the hypervisor up, no VM. From another folder: a command is the same wherever it is called.
    endedWell("./farm preview in /", await farm.farm(["preview"], { through: ["env", "--chdir=/"] }));
  });

  afterEach(() => {
    writeFileSync(farm.stackFile, withSalt(shippedConfig(), readFileSync(farm.stackFile, "utf8")));
  });

  afterAll(() => farm.end());

  /** The shipped configuration with something else in it; Pulumi's own line stays. */
  const configure = (from: string, to: string) => {
    const current = readFileSync(farm.stackFile, "utf8");
    expect(current).toContain(from);
    writeFileSync(farm.stackFile, current.replace(from, to));
  };

  const refused = async (args: readonly string[], options: Parameters<TestFarm["farm"]>[1] = {}) => {
    const ended = await farm.farm(args, options);
    expect(ended.status).not.toBe(0);
    return ended.output;
  };

  test("a user who is not root and has no sudo", async () => {
    const output = await refused(["up"], {
      through: ["setpriv", "--reuid=65534", "--clear-groups", "env", "PATH=/bin/nowhere:/usr/bin"],
    });
    expect(output).toMatch(/needs root: run it as root, or install sudo|a password is required/);
  });

  test("an unknown command", async () => {
    expect(await refused(["upp"])).toContain("unknown command 'upp'; ./farm help lists them all");
  });

  test("a stack without a configuration, saying what to do", async () => {
    expect(await refused(["preview", "--stack", "test-nowhere"])).toContain(
      "there is no Pulumi.test-nowhere.yaml: copy Pulumi.dev.yaml and change what you like",
    );
  });

  test("a wrong configuration, with all its problems at once", async () => {
    configure("role: manager", "role: boss");
    configure("hello: {}", "hello:\n    port: 99999\n    colour: blue");
    const output = await refused(["preview"]);
    expect(output).toContain("the configuration has 3 problems");
    expect(output).toMatch(/nodes\.manager1\.role: is "boss"/);
    expect(output).toMatch(/hello\.port: is 99999/);
    expect(output).toContain("hello.colour: is no known key");
  });

  test("a configuration that is no YAML, with the line", async () => {
    configure("  swarm-farm:network:", "   swarm-farm:network:");
    expect(await refused(["preview"])).toMatch(/Pulumi\.test-refusals\.yaml is not valid YAML: line \d+: /);
  });

  test("a network range that this machine already uses", async () => {
    await farm.ok(["run", "--", "ip", "address", "add", "10.77.0.200/28", "dev", "lo"]);
    const output = await refused(["preview"]);
    expect(output).toContain("network.cidr: '10.77.0.0/24' overlaps 10.77.0.200/28 of interface lo on this machine");
    await farm.ok(["run", "--", "ip", "address", "del", "10.77.0.200/28", "dev", "lo"]);
  });

  test("more memory than the machine has", async () => {
    configure("role: manager", "role: manager\n      memoryMiB: 1000000");
    expect(await refused(["preview"])).toMatch(/nodes: need \d+ MiB of memory together, this machine can give \d+ MiB/);
  });

  test("a hypervisor that does not answer, by its name", async () => {
    configure("uri: qemu:///system", 'uri: "qemu+unix:///system?socket=/nowhere/libvirt-sock"');
    const output = await refused(["preview"]);
    expect(output).toMatch(/hosts\.local\.uri: 'qemu\+unix:.*' does not answer \(.*\/nowhere\/libvirt-sock/);
    expect(output).toContain("check that libvirtd runs there");
  });

  test("a disk that is too small for what it is about to build", async () => {
    const small = join(farm.home, "small");
    mkdirSync(small);
    const mounted = 'mount -t tmpfs -o size=20m none "$0" && XDG_CACHE_HOME=$0 exec "$@"';
    const output = await refused(["setup"], { through: ["unshare", "--mount", "sh", "-c", mounted, small] });
    expect(output).toMatch(/needs \d+ MiB in .*small.*, \d+ MiB are free: free some space or set XDG_CACHE_HOME/);
  });

  test("a passphrase that is not the stack's", async () => {
    const wrong = join(farm.home, "wrong");
    writeFileSync(wrong, "not this one", { mode: 0o600 });
    const output = await refused(["preview"], { env: { PULUMI_CONFIG_PASSPHRASE_FILE: wrong } });
    expect(output).toContain(`the passphrase (${wrong}) is not the one that stack 'test-refusals' was made with`);
  });

  test("a stack that another run has locked; one whose run is dead is unlocked", async () => {
    const locks = join(state, "pulumi", ".pulumi", "locks", "organization", "swarm-farm", farm.stack);
    mkdirSync(locks, { recursive: true });
    const lock = (pid: number) => {
      const hostname = readFileSync("/proc/sys/kernel/hostname", "utf8").trim();
      writeFileSync(
        join(locks, "test.json"),
        JSON.stringify({ pid, username: "root", hostname, timestamp: "2026-11-23T00:00:00Z" }),
      );
    };
    lock(process.pid);
    expect(await refused(["preview"])).toContain(
      `stack 'test-refusals' is locked by process ${String(process.pid)} on`,
    );
    // The largest process number Linux gives is below this one.
    lock(2 ** 22 + 1);
    const next = await farm.ok(["preview"]);
    expect(next.output).toContain("its lock is removed");
    expect(readdirSync(locks)).toEqual([]);
  });

  test("nothing when there is no network at all and the caches are warm", async () => {
    const ended = await farm.farm(["setup"], { through: ["unshare", "--net"] });
    expect(ended.output).toMatch(/✓ images +0 built, \d+ unchanged/);
    expect(ended.status).toBe(0);
  });

  test("nothing after an interrupted run: its remains are removed and reported", async () => {
    const xml =
      "<domain type='qemu'><name>test-refusals.ghost</name><memory>1024</memory><os><type>hvm</type></os></domain>";
    await farm.ok(["run", "--", "sh", "-c", `echo "${xml}" | virsh -q define /dev/stdin`]);
    // An update of nothing: what is looked at here happens before it.
    const { output } = await farm.farm(["up", "--target", "urn:pulumi:test-refusals::swarm-farm::none::none"]);
    expect(output).toContain("removed what an interrupted run left: VM test-refusals.ghost");
  });

  test("and leaves nothing behind: no VM was created", async () => {
    expect(await farm.virsh("list", "--all", "--name")).toBe("");
    expect(existsSync(join(state, farm.stack, "ssh"))).toBe(false);
  });
});

/** The first text with the line that Pulumi added to the second. */
function withSalt(config: string, current: string): string {
  const salt = /^encryptionsalt:.*\n?/m.exec(current)?.[0] ?? "";
  return config + salt;
}
