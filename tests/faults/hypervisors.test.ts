import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { changedResources, smallConfig, TestFarm } from "../live/farm";
import { expectNothingLeft } from "../live/nothing-left";

const minute = 60_000;
jest.setTimeout(30 * minute);

const secondHost = join(__dirname, "second-host.sh");

/** A second hypervisor, in a namespace of its own that a link joins to the farm's, comes and goes. */
describe("a farm on two hypervisors", () => {
  const farm = new TestFarm("test-hosts");
  const folder = farm.home.replace("sf-", "sf2-");
  let namespace = "";
  const uri = `qemu+ssh://root@192.0.2.2/system?keyfile=${folder}/key&no_verify=1`;
  const hosts = {
    left: { uri: "qemu:///system", address: "192.0.2.1" },
    right: { uri, address: "192.0.2.2", gateway: "10.77.0.2" },
  };
  const manager1 = { role: "manager", host: "left" };
  const configure = (nodes: Record<string, unknown>, on: object) => {
    // The other host's libvirt is a system's, which cannot be without a way out.
    const network = { cidr: "10.77.0.0/24", egress: "right" in on };
    farm.configureAs({ ...smallConfig({ manager1, ...nodes }), network, hosts: on });
  };
  const domains = async (at: string) => farm.virsh("-c", at, "list", "--all", "--name");
  const nodes = async () =>
    (await farm.docker("node", "ls", "--format", "{{.Hostname}} {{.Status}}")).split("\n").sort();

  beforeAll(async () => {
    configure({}, { left: { uri: "qemu:///system" } });
    await farm.ok(["up"], { shown: true });
    namespace = await farm.namespace();
    execFileSync(secondHost, ["start", folder, namespace]);
  });

  afterAll(async () => {
    try {
      await farm.end();
    } finally {
      execFileSync(secondHost, ["stop", folder]);
    }
  });

  test("a second host with a node is added, and the first node is not touched", async () => {
    configure({ worker1: { role: "worker", host: "right" } }, hosts);
    const { output } = await farm.ok(["up"], { shown: true });
    const changed = changedResources(output).filter((name) => !/right|worker1/.test(name));
    expect(changed).toEqual(["hello-converged", "hello-service", "left-link", "left-network"]);
    expect(await nodes()).toEqual(["manager1 Ready", "worker1 Ready"]);
    expect(await domains("qemu:///system")).toBe("test-hosts.manager1");
    expect(await domains(uri)).toBe("test-hosts.worker1");
  });

  test("the nodes reach each other whole, and the mesh leads from one host to a task on the other", async () => {
    // Enough that each piece is as long as the nodes' own network takes it.
    expect((await farm.ok(["ssh", "worker1", "head -c 4000000 /dev/zero"])).stdout).toHaveLength(4_000_000);
    const seen = new Set<string>();
    for (let i = 0; i < 8; i++) {
      const page = await farm.ok(["run", "--", "curl", "-sS", "--max-time", "30", "http://10.77.0.11:8080/"]);
      seen.add(/hello from (\w+)/.exec(page.stdout)?.[1] ?? page.stdout);
    }
    expect([...seen].sort()).toEqual(["manager1", "worker1"]);
    // The whole of an image has come through it, and out of each host there is a way.
    expect((await farm.ok(["ssh", "worker1", "ip route"])).stdout).toContain("default via 10.77.0.2 ");
    expect(changedResources((await farm.ok(["preview"])).output)).toEqual([]);
  });

  test("a network that starts again is joined again by libvirt alone", async () => {
    const vxlan = async () =>
      (await farm.ok(["run", "--", "ip", "-br", "link", "show", "type", "vxlan"])).stdout.trim();
    const device = (await vxlan()).split(" ")[0] ?? "";
    expect(device).toMatch(/^sfx-/);
    await farm.ok(["run", "--", "ip", "link", "del", device]);
    await farm.ok([
      "run",
      "--",
      "/etc/libvirt/hooks/network.d/swarm-farm-test-hosts",
      "swarm-farm-test-hosts",
      "started",
      "begin",
      "-",
    ]);
    expect(await vxlan()).toContain(device);
    expect((await farm.ok(["ssh", "worker1", "hostname"])).stdout).toBe("worker1\n");
  });

  test("a host that cannot be reached is reported before any change", async () => {
    const away = { ...hosts, right: { ...hosts.right, uri: uri.replace("192.0.2.2", "192.0.2.9") } };
    configure({ worker1: { role: "worker", host: "right" } }, away);
    const { status, output } = await farm.farm(["up"]);
    expect(status).not.toBe(0);
    expect(output).toMatch(/hosts\.right\.uri: 'qemu\+ssh:\/\/root@192\.0\.2\.9\/system\S*' does not answer/);
  });

  test("a host without nodes has no resources of the farm left, and the other hosts continue", async () => {
    configure({ worker1: { role: "worker", host: "left" } }, hosts);
    await farm.change();
    expect(await nodes()).toEqual(["manager1 Ready", "worker1 Ready"]);
    expect(await domains(uri)).toBe("");
    const left = await farm.virsh("-c", uri, "net-list", "--all", "--name");
    expect(left).not.toContain("swarm-farm");
    expect((await farm.ok(["run", "--", "ip", "-br", "link", "show", "type", "vxlan"])).stdout.trim()).toBe("");
    expect(changedResources((await farm.ok(["preview"])).output)).toEqual([]);
    await farm.ok(["destroy"]);
    await expectNothingLeft(farm, namespace);
  });
});
