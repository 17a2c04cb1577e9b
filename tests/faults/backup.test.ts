import { statSync } from "node:fs";
import { join } from "node:path";
import { changedResources, smallConfig, TestFarm } from "../live/farm";
import { until } from "../live/until";

const minute = 60_000;
jest.setTimeout(40 * minute);

/** Data lost with the only manager, and with the whole farm, comes back from a backup. */
describe("a farm that is backed up", () => {
  const farm = new TestFarm("test-bak");
  const backup = join(farm.home, "night.backup");
  const site = ["-fsS", "--retry", "5", "--retry-all-errors", "http://10.77.0.21:8081/"];
  const cluster = () => farm.docker("info", "-f", "{{.Swarm.Cluster.ID}}");
  const visits = async () => Number(/id="visits">(\d+)</.exec(await farm.curl(site))?.[1]);
  /** `up` ends with one request through each route, which is a visit. */
  const ofUp = 1;
  const replicas = async () =>
    (await farm.docker("service", "ls", "--format", "{{.Name}} {{.Replicas}}")).split("\n").sort();
  const running = async () => (await farm.ok(["ssh", "worker1", "docker ps --no-trunc -q"])).stdout.split("\n").sort();
  const sql = async (text: string) => {
    const task = (await farm.runningTasks("lamp-mysql", "{{.Name}}.{{.ID}}"))[0] ?? "";
    return (await farm.ok(["ssh", "worker1", `docker exec ${task} mysql -uroot -N app -e "${text}"`])).stdout.trim();
  };
  const loseManager = async () => {
    await farm.virsh("destroy", "test-bak.manager1");
    await farm.virsh("undefine", "test-bak.manager1");
    await farm.virsh("vol-delete", "manager1.qcow2", "--pool", "swarm-farm-test-bak");
  };
  const all = [
    "backups 2/2",
    "by-hand 1/1",
    "hello 2/2",
    "lamp-mysql 1/1",
    "lamp-nginx 1/1",
    "lamp-php 1/1",
    "registry 1/1",
  ];
  let swarm = "";
  let counted = 0;

  beforeAll(async () => {
    const worker1 = { role: "worker", labels: { db: "true" } };
    farm.configureAs({
      ...smallConfig({ manager1: { role: "manager" }, worker1 }),
      hello: { port: 8080, replicas: 2 },
      lamp: { nginx: { replicas: 1 }, php: { replicas: 1 } },
      backups: { to: { folder: "/mnt/backups" } },
    });
    await farm.ok(["up"], { shown: true });
    swarm = await cluster();
    // Objects that no program declares are in the backup alone.
    const image = await farm.docker("service", "inspect", "hello", "-f", "{{.Spec.TaskTemplate.ContainerSpec.Image}}");
    await farm.ok([
      "docker",
      "service",
      "create",
      "--with-registry-auth",
      "--name",
      "by-hand",
      "--constraint",
      "node.role==worker",
      "--entrypoint",
      "/bin/busybox sleep 100000",
      image,
    ]);
    await sql("CREATE TABLE notes (text VARCHAR(99)); INSERT INTO notes VALUES ('kept: ü, quote \\', line')");
    counted = await visits();
  });

  afterAll(() => farm.end());

  test("backup writes one file, prints its parts, and interrupts no task", async () => {
    const before = await running();
    const { output } = await farm.ok(["backup", backup], { shown: true });
    expect(output).toMatch(/✓ swarm state +of manager1/);
    expect(output).toMatch(/✓ mysql +database app of worker1, tables: 2 /);
    expect(output).toContain(`to restore: ./farm restore ${backup}`);
    expect(statSync(backup).mode & 0o777).toBe(0o600);
    expect(await running()).toEqual(before);
    const again = await farm.farm(["restore", backup, "swarm", "--yes"]);
    expect([again.status, again.output]).toEqual([1, expect.stringContaining("the swarm answers and is not replaced")]);
  });

  test("the only manager loses its VM and disk: restore and up bring back the swarm, and the workers' tasks keep running", async () => {
    const before = await running();
    expect(await visits()).toBe(counted + 1);
    await loseManager();
    const { output } = await farm.ok(["restore", backup, "--yes"], { shown: true });
    expect(output).toContain("manager1 leads the swarm");
    expect(await cluster()).toBe(swarm);
    const up = await farm.ok(["up", "--refresh"], { shown: true });
    const done = changedResources(up.output.slice(up.output.lastIndexOf("Updating (")));
    expect(done.filter((name) => /service|secret|network|worker1/.test(name))).toEqual([]);
    await until("every task to run", async () => (await replicas()).join() === all.join(), 5 * minute);
    expect(await cluster()).toBe(swarm);
    // More than before where a task of the manager's came to it.
    expect(await running()).toEqual(expect.arrayContaining(before));
    // The database was not set back.
    expect(await visits()).toBe(counted + 1 + ofUp + 1);
    expect(changedResources((await farm.ok(["preview", "--refresh"])).output)).toEqual([]);
    expect((await farm.farm(["doctor"])).output).toContain("nothing is wrong");
  });

  test("it is lost again: a scheduled backup, which the worker reads, brings back the swarm", async () => {
    await farm.ok(["ssh", "manager1", "systemctl start swarm-farm-backups"], { shown: true });
    // A share that all nodes have mounted.
    const ssh = `ssh -F ${join(farm.home, "s", "swarm-farm", farm.stack, "ssh", "config")}`;
    const copy = `${ssh} manager1 tar -C /mnt/backups -c manager1 | ${ssh} worker1 tar -C /mnt/backups -x`;
    await farm.ok(["run", "--", "sh", "-c", copy]);
    const before = await running();
    await loseManager();
    const { stdout } = await farm.ok(["backup", "list"]);
    const id = /^(manager1:\w+) .*swarm:state$/m.exec(stdout)?.[1] ?? "";
    const { output } = await farm.ok(["restore", id, "--yes"], { shown: true });
    expect(output).toContain("manager1 leads the swarm");
    expect(await cluster()).toBe(swarm);
    await farm.ok(["up", "--refresh"], { shown: true });
    await until("every task to run", async () => (await replicas()).join() === all.join(), 5 * minute);
    expect(await running()).toEqual(expect.arrayContaining(before));
    expect(changedResources((await farm.ok(["preview", "--refresh"])).output)).toEqual([]);
  });

  test("the whole farm is lost: up builds another, and restore brings the data", async () => {
    await farm.ok(["destroy"], { shown: true });
    const none = await farm.farm(["restore", backup, "--yes"]);
    expect([none.status, none.output]).toEqual([1, expect.stringContaining("there is no farm 'test-bak'")]);
    await farm.ok(["up"], { shown: true });
    expect(await cluster()).not.toBe(swarm);
    expect(await visits()).toBe(ofUp + 1);
    await sql("CREATE TABLE since (id INT)");
    const { output } = await farm.ok(["restore", backup, "--yes"], { shown: true });
    expect(output).toMatch(/✓ mysql +database app on worker1, tables: 2 /);
    expect(await sql("SELECT text FROM notes")).toBe("kept: ü, quote ', line");
    expect(await visits()).toBe(counted + 1);
    expect(await replicas()).toEqual(all.filter((service) => !service.startsWith("by-hand")));
    expect(changedResources((await farm.ok(["preview", "--refresh"])).output)).toEqual([]);
  });
});
