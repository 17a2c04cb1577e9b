import { readdirSync, readFileSync } from "node:fs";
import { spawn } from "node:child_process";
import { changedResources, repository, smallConfig, TestFarm } from "../live/farm";
import { expectNothingLeft } from "../live/nothing-left";

const minute = 60_000;
jest.setTimeout(30 * minute);

const nodes = { manager1: { role: "manager" }, worker1: { role: "worker" } };

/** Engines die, machines die, hypervisors restart: the next `./farm up` or `destroy` does what is left to do. */
describe("a farm whose processes are killed", () => {
  const farm = new TestFarm("test-kill");
  const names = async (...args: readonly string[]) =>
    (await farm.virsh(...args))
      .split("\n")
      .map((name) => name.trim())
      .filter(Boolean)
      .sort();

  beforeAll(() => {
    farm.configureAs(smallConfig(nodes));
  });

  afterAll(() => farm.end());

  test.each([
    ["the image is uploaded", /local-image-\w+-disk creating/],
    ["machines are made", /(manager1|worker1)-domain creating/],
    ["a node joins", /worker1-join creating/],
    ["a service converges", /hello-converged creating/],
  ])("the engine is killed while %s", async (_, moment) => {
    await killedWhen(farm, moment);
  });

  test("the next up completes four killed ones, and nothing exists twice", async () => {
    await farm.ok(["up"], { shown: true });
    expect(await names("list", "--name")).toEqual(["test-kill.manager1", "test-kill.worker1"]);
    expect(await farm.docker("node", "ls", "--format", "{{.Hostname}} {{.Status}}")).toMatch(
      /^(manager1 Ready\nworker1 Ready|worker1 Ready\nmanager1 Ready)$/,
    );
    expect((await farm.docker("service", "ls", "--format", "{{.Name}} {{.Replicas}}")).split("\n").sort()).toEqual([
      "hello 2/2",
      "registry 1/1",
    ]);
    const volumes = (await names("vol-list", "swarm-farm-test-kill")).map((line) => line.split(/\s+/)[0] ?? "");
    expect(volumes.filter((name) => name.startsWith("manager1") || name.startsWith("worker1"))).toEqual([
      "manager1-seed.iso",
      "manager1.qcow2",
      "worker1-seed.iso",
      "worker1.qcow2",
    ]);
    expect(volumes).toHaveLength(7);
    expect(changedResources((await farm.ok(["up"])).output)).toEqual([]);
  });

  test("a dead node is removed without waiting for its answer", async () => {
    await names("destroy", "test-kill.worker1");
    farm.configureAs(smallConfig({ manager1: nodes.manager1 }));
    await farm.change();
    expect(await farm.docker("node", "ls", "--format", "{{.Hostname}}")).toBe("manager1");
    expect(await names("list", "--all", "--name")).toEqual(["test-kill.manager1"]);
  });

  test("destroy works where the swarm is dead, its manager and its disk are gone and the hypervisor was killed", async () => {
    const namespace = await farm.namespace();
    await farm.ok(["ssh", "manager1", "docker swarm leave --force"]);
    await names("destroy", "test-kill.manager1");
    // Pulumi knows them, and nothing is left to be destroyed.
    await names("undefine", "test-kill.manager1");
    await names("vol-delete", "manager1.qcow2", "--pool", "swarm-farm-test-kill");
    process.kill(Number(readFileSync(`${farm.home}/s/swarm-farm/test-kill/libvirt/libvirtd.pid`, "utf8")), "SIGKILL");
    await farm.ok(["destroy"]);
    await expectNothingLeft(farm, namespace);
  });

  test("destroy works on a farm that is half built", async () => {
    await killedWhen(farm, /(manager1)-domain creating/);
    const namespace = await farm.namespace();
    await farm.ok(["destroy"]);
    await expectNothingLeft(farm, namespace);
  });
});

/** Kills the engine of `./farm up` without a warning as soon as it says this. */
async function killedWhen(farm: TestFarm, moment: RegExp): Promise<void> {
  // Pulumi's own display has a line when a resource begins.
  const child = spawn(`${repository}/farm`, ["up", "--verbose"], {
    cwd: repository,
    env: farm.env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const killed: number[] = [];
  const hear = (data: Buffer) => {
    output += data.toString();
    if (killed.length > 0 || !moment.test(output)) return;
    for (const pid of enginesOf(farm)) {
      process.kill(pid, "SIGKILL");
      killed.push(pid);
    }
  };
  child.stdout.on("data", hear);
  child.stderr.on("data", hear);
  const status = await new Promise((resolve) => child.on("close", resolve));
  if (killed.length === 0)
    throw new Error(`up ended with ${String(status)} before it said ${String(moment)}:\n${output}`);
  expect(status).not.toBe(0);
}

/** The processes `pulumi up` of a farm. */
function enginesOf(farm: TestFarm): number[] {
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .filter((pid) => {
      try {
        const [program = "", verb] = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
        return (
          /(^|\/)pulumi$/.test(program) &&
          verb === "up" &&
          readFileSync(`/proc/${pid}/environ`, "utf8").includes(farm.home)
        );
      } catch {
        return false;
      }
    })
    .map(Number);
}
