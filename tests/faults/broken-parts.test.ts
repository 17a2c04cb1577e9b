import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { smallConfig, TestFarm } from "../live/farm";
import { expectNothingLeft } from "../live/nothing-left";
import { until } from "../live/until";

const minute = 60_000;
jest.setTimeout(20 * minute);

/** Long enough for what answers, and short for what never will. */
const timeouts = { FARM_WAIT_SECONDS: "20" };

/** Parts that do not come up: `up` names the node, what it waited for and for how long, and goes on once they can. */
describe("a farm with broken parts", () => {
  const farm = new TestFarm("test-broken");
  const pool = "/var/lib/libvirt/swarm-farm-test-broken";
  const filler = "/var/lib/libvirt/filler";
  let namespace = "";

  const configure = (workers: Record<string, unknown>) => {
    farm.configureAs(smallConfig({ manager1: { role: "manager" }, ...workers }));
  };
  const inFarm = (script: string) => farm.ok(["run", "--", "sh", "-c", script]);
  const nodes = async () =>
    (await farm.docker("node", "ls", "--format", "{{.Hostname}} {{.Status}}")).split("\n").sort();
  const refused = async (args: readonly string[], env: NodeJS.ProcessEnv = {}) => {
    const { status, output } = await farm.farm(args, { shown: true, env });
    expect(status).not.toBe(0);
    return output;
  };
  const worker1Missing = () =>
    until("the swarm to miss worker1", async () => (await nodes()).includes("worker1 Down"), 3 * minute);

  // The pool is in memory, in the farm's own mount namespace: it goes with that, whatever becomes of this run.
  beforeAll(async () => {
    configure({});
    await farm.ok(["preview"]);
    namespace = await farm.namespace();
    await inFarm(`kept=$(mktemp -d) && cp -a /var/lib/libvirt/. "$kept" &&
      mount -t tmpfs -o size=200m none /var/lib/libvirt && cp -a "$kept"/. /var/lib/libvirt && rm -rf "$kept"`);
  });

  afterAll(() => farm.end());

  test("a pool without enough space is reported before anything is created", async () => {
    const output = await refused(["up"]);
    expect(output).toMatch(
      /hosts\.local: its pool swarm-farm-test-broken has \d+ MiB free, and manager1 takes \d+ MiB \(images \d+, each new node 512\); free space in \/var\/lib\/libvirt\/swarm-farm-test-broken there, or move nodes to another host/,
    );
    expect(await farm.virsh("pool-list", "--all", "--name")).toBe("");
  });

  test("a disk that cannot grow while its VM boots is reported with node and pool, and the next up continues", async () => {
    // Enough for what is checked before, image and first space of a node, and little more.
    await inFarm("mount -o remount,size=1500m /var/lib/libvirt");
    const up = refused(["up"]);
    const runs = async () => (await farm.virsh("list", "--name")).includes("test-broken.manager1");
    await until("the VM to be created", runs, 5 * minute);
    await farm.farm(["run", "--", "sh", "-c", `cat /dev/zero >${filler}`]);
    const output = await up;
    expect(output).toMatch(/waited \d+ s for manager1 to answer ssh/);
    expect(output).toContain(
      `VM paused: storage pool ${pool} on host local (qemu:///system) is full; make room there, then ./farm up`,
    );
    // It may have stopped before the kernel had said a word.
    expect(output).toMatch(/(the end of its console|its console is empty) /);

    await inFarm(`rm ${filler}; mount -o remount,size=4g /var/lib/libvirt`);
    await farm.ok(["up"], { shown: true });
    expect(await nodes()).toEqual(["manager1 Ready"]);
  });

  test("a VM that does not boot is reported with the firmware's message, and another image replaces it", async () => {
    const source = join(farm.home, "nothing.qcow2");
    execFileSync("qemu-img", ["create", "-q", "-f", "qcow2", source, "16M"]);
    const sha256 = createHash("sha256").update(readFileSync(source)).digest("hex");
    configure({ worker1: { role: "worker", image: { kind: "cloud", source, sha256 } } });
    const output = await refused(["up"], timeouts);
    expect(output).toMatch(/waited 20 s for worker1 to answer ssh: \S+/);
    expect(output).toMatch(
      /the end of its console \(\S+test-broken\.worker1\.console\.log\):\n(.*\n)*.*No bootable device/,
    );

    configure({ worker1: { role: "worker" } });
    // Nobody can see whether it has data.
    await farm.ok(["up", "--accept-data-loss", "worker1"], { shown: true });
    expect(await nodes()).toEqual(["manager1 Ready", "worker1 Ready"]);
  });

  test("a join without an answer is reported with node and managers, and succeeds when one answers", async () => {
    const rule = "INPUT -s 10.77.0.21 -p tcp --dport 2377 -j DROP";
    await farm.ok(["ssh", "manager1", `iptables -I ${rule}`]);
    await farm.ok(["ssh", "worker1", "docker swarm leave"]);
    await worker1Missing();
    const output = await refused(["up", "--refresh"], timeouts);
    expect(output).toContain("waited 20 s for a manager of the swarm to answer worker1");
    expect(output).toContain("asked: 10.77.0.11");
    expect(output).toContain("the end of its console");

    await farm.ok(["ssh", "manager1", `iptables -D ${rule}`]);
    await farm.ok(["up"], { shown: true });
    expect(await nodes()).toEqual(["manager1 Ready", "worker1 Ready"]);
  });

  test("a Docker that does not start is reported with node and log, and the next up waits for it", async () => {
    const file = "/etc/docker/daemon.json";
    await farm.ok([
      "ssh",
      "worker1",
      `cp ${file} ${file}.kept; echo '{ no: json' >${file}; systemctl restart docker || true`,
    ]);
    await worker1Missing();
    const output = await refused(["up", "--refresh"], timeouts);
    expect(output).toContain("waited 20 s for docker on worker1 to answer");
    expect(output).toMatch(/unable to configure the Docker daemon with file \/etc\/docker\/daemon\.json/);
    expect(output).toContain("the end of its console");

    await farm.ok([
      "ssh",
      "worker1",
      `mv ${file}.kept ${file}; systemctl reset-failed docker; systemctl restart docker`,
    ]);
    await farm.ok(["up"], { shown: true });
    expect(await nodes()).toEqual(["manager1 Ready", "worker1 Ready"]);
  });

  test("destroy leaves nothing of all this", async () => {
    await farm.ok(["destroy"]);
    await expectNothingLeft(farm, namespace);
  });
});
