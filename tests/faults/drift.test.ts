import { changedResources, smallConfig, TestFarm } from "../live/farm";
import { until } from "../live/until";

const minute = 60_000;
jest.setTimeout(30 * minute);

/** `./farm doctor` reports manual changes; `./farm up --refresh` reverts them and changes nothing else. */
describe("a farm with drift", () => {
  const farm = new TestFarm("test-drift");
  const findings = async () => {
    const { status, stdout } = await farm.farm(["doctor"]);
    const found = [...stdout.matchAll(/^✗ (.*)$/gm)].map((match) => match[1] ?? "").sort();
    expect(status).toBe(found.length > 0 ? 1 : 0);
    return found;
  };
  /** Puts it right, and says what that made or changed. */
  const putRight = async () => {
    const { output } = await farm.ok(["up", "--refresh"], { shown: true });
    expect(await findings()).toEqual([]);
    const done = changedResources(output.slice(output.lastIndexOf("Updating (")));
    expect(changedResources((await farm.ok(["preview", "--refresh"])).output)).toEqual([]);
    return done;
  };

  const configure = (worker: object) => {
    const worker1 = { role: "worker", labels: { db: "true" }, ...worker };
    farm.configureAs({
      ...smallConfig({ manager1: { role: "manager" }, worker1 }),
      hello: { port: 8080, replicas: 2 },
    });
  };

  beforeAll(async () => {
    configure({});
    await farm.ok(["up"], { shown: true });
  });

  afterAll(() => farm.end());

  test("has no drift at first", async () => {
    expect(await findings()).toEqual([]);
  });

  test("a scaled service, and a worker that left the swarm and thereby lost its label", async () => {
    await farm.ok(["docker", "service", "scale", "--detach", "hello=3"]);
    await farm.ok(["ssh", "worker1", "docker swarm leave"]);
    await until("the swarm to miss worker1", async () => (await findings()).length === 2);
    expect(await findings()).toEqual([
      "service hello: has 3 replicas, not 2",
      "worker1: the swarm reports it as 'down', and its domain runs",
    ]);
    const done = await putRight();
    expect(done.filter((name) => !name.startsWith("worker1"))).toEqual(["hello-converged", "hello-service"]);
    expect(done.filter((name) => /domain|disk|seed/.test(name))).toEqual([]);
    expect(await farm.docker("node", "inspect", "worker1", "-f", "{{.Spec.Labels.db}}")).toBe("true");
  });

  test("a label that was removed, a service too, and another whose image was changed", async () => {
    await farm.ok(["docker", "node", "update", "--label-rm", "db", "worker1"]);
    // The same image by another name: one that cannot be had Swarm takes back by itself, sooner or later.
    const image = await farm.docker("service", "inspect", "hello", "-f", "{{.Spec.TaskTemplate.ContainerSpec.Image}}");
    const other = image.replace("@", ":other@");
    await farm.ok(["docker", "service", "update", "--detach", "--no-resolve-image", "--image", other, "hello"]);
    await farm.ok(["docker", "service", "rm", "registry"]);
    expect(await findings()).toEqual([
      `service hello: its image is ${other}, not ${image}`,
      "service registry: is gone",
      "worker1: its label db is gone",
    ]);
    expect(await putRight()).toEqual([
      "hello-converged",
      "hello-service",
      "registry-server-converged",
      "registry-server-service",
      "worker1-label-db",
    ]);
  });

  test("a VM that was switched off", async () => {
    await farm.virsh("destroy", "test-drift.worker1");
    expect(await findings()).toEqual(["worker1: its domain is 'shut off', not 'running'"]);
    expect(await putRight()).toEqual([]);
  });

  test("a missing VM and its missing disk", async () => {
    await farm.virsh("destroy", "test-drift.worker1");
    await farm.virsh("undefine", "test-drift.worker1");
    await farm.virsh("vol-delete", "worker1.qcow2", "--pool", "swarm-farm-test-drift");
    expect(await findings()).toEqual([
      "worker1: its disk worker1.qcow2 is gone",
      "worker1: libvirt on local has no such domain",
    ]);
    const done = await putRight();
    expect(done.filter((name) => !name.startsWith("worker1"))).toEqual([]);
    expect((await farm.docker("node", "ls", "--format", "{{.Hostname}} {{.Status}}")).split("\n").sort()).toEqual([
      "manager1 Ready",
      "worker1 Ready",
    ]);
  });

  test("another guest image and storage driver for a node replace that node alone", async () => {
    configure({ image: { kind: "farm", version: "2026-11-25" }, storageDriver: "btrfs" });
    const { output } = await farm.ok(["up"], { shown: true });
    const done = changedResources(output.slice(output.lastIndexOf("Updating (")));
    expect(done.filter((name) => !/^worker1|^local-image-\w+-2026-11-25/.test(name))).toEqual([]);
    expect((await farm.ok(["ssh", "worker1", "docker info -f '{{.Driver}}'"])).stdout.trim()).toBe("btrfs");
    expect(await findings()).toEqual([]);
  });

  test("up refuses another machine with a node's address: its host key is not the node's", async () => {
    const power = /urn:\S+::worker1-power/.exec((await farm.withEnv("pulumi stack --show-urns")).stdout)?.[0] ?? "";
    const key = "/etc/ssh/ssh_host_ed25519_key";
    const swap = `mv ${key} ${key}.kept; ssh-keygen -q -t ed25519 -N '' -f ${key} <&-; systemctl restart ssh`;
    await farm.ok(["ssh", "worker1", swap]);
    const { status, output } = await farm.pulumiUp("--replace", power, "--target", power);
    expect(status).not.toBe(0);
    expect(output).toContain("worker1 answers ssh with another host key: another machine has its address");
    expect(output).toContain("the end of its console");
  });
});
