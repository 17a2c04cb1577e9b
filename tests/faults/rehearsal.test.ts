import { spawn, spawnSync } from "node:child_process";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { canServeSftp, SftpServer } from "../support/sftp-server";
import { addresses, repository, smallConfig, TestFarm } from "../live/farm";
import { until } from "../live/until";

const minute = 60_000;
jest.setTimeout(60 * minute);

const gateway = "10.77.0.1";

/** A farm with a site and a volume that are backed up by themselves, and rehearsals beside it. */
describe("a farm whose backups are rehearsed", () => {
  const farm = new TestFarm("test-reh");
  const other = "test-reh-rehearsal";
  const folder = "/var/backups/farm";
  const config = {
    ...smallConfig({
      manager1: { role: "manager" },
      worker1: { role: "worker", labels: { db: "true" } },
    }),
    hello: { replicas: 2 },
    lamp: { nginx: { replicas: 1 }, php: { replicas: 1 } },
    loadbalancer: {},
  };
  const on = async (node: string, command: string) => (await farm.ok(["ssh", node, command])).stdout.trim();
  const sql = async (text: string) => {
    const task = (await farm.runningTasks("lamp-mysql", "{{.Name}}.{{.ID}}"))[0] ?? "";
    return on("worker1", `docker exec ${task} mysql -uroot -N app -e "${text}"`);
  };
  const backUp = () =>
    until(
      "a backup of each node",
      async () => {
        const ended = ["manager1", "worker1"].map((node) =>
          farm.farm(["ssh", node, "systemctl start swarm-farm-backups"]),
        );
        return (await Promise.all(ended)).every(({ status }) => status === 0);
      },
      10 * minute,
    );
  /** The running tasks of all nodes, and every file of the repositories. */
  const present = async () => [
    await on("worker1", "docker ps -q --no-trunc | sort"),
    await on("worker1", `find ${folder} -type f | sort | xargs sha256sum`),
  ];
  const namespaces = () => spawnSync("ip", ["netns", "list"], { encoding: "utf8" }).stdout;
  const expectRemoved = () => {
    expect(namespaces()).not.toContain(other);
    expect(existsSync(join(repository, `Pulumi.${other}.yaml`))).toBe(false);
    expect(readdirSync(join(farm.home, "s", "swarm-farm"))).not.toContain(other);
  };

  beforeAll(async () => {
    farm.configureAs({ ...config, backups: { to: { folder }, volumes: ["kept"] } });
    await farm.ok(["up"], { shown: true });
    await on("worker1", "docker volume create kept && echo first >/var/lib/docker/volumes/kept/_data/file");
    await sql("CREATE TABLE notes (text VARCHAR(99)); INSERT INTO notes VALUES ('kept')");
    await backUp();
  });

  afterAll(async () => {
    await farm.end();
    expect(namespaces()).not.toContain(other);
  });

  test("the last backups are restored beside it, compared and measured; the farm is as it was, and nothing is left", async () => {
    const before = await present();
    const { output } = await farm.ok(["restore", "--rehearse"], { shown: true });
    expect(output).toMatch(/✓ volume kept +2 of 2 files and folders/);
    expect(output).toMatch(/✓ load mysql +(\d+) of \d+ lines/);
    expect(output).toMatch(/✓ routes +\w+ \d+ in [\d.]+ s/);
    expect(output).toMatch(/data lost \(RPO\) .*\ntime to be back \(RTO\) .*\nthe rehearsal passed/);
    expect(await present()).toEqual(before);
    expectRemoved();
    expect((await farm.farm(["doctor"])).output).toMatch(/a restore was rehearsed on .* and passed/);
  });

  test("Ctrl-C while its nodes are built removes it, and says nothing of the backup", async () => {
    const child = spawn(join(repository, "farm"), ["restore", "--rehearse"], {
      cwd: repository,
      env: farm.env,
      stdio: "inherit",
      detached: true,
    });
    const ended = new Promise((resolve) => child.once("close", resolve));
    const isBuilt = () => Promise.resolve(existsSync(join(farm.home, "s", "swarm-farm", other, "libvirt")));
    await until("a libvirt of the rehearsal", isBuilt, 5 * minute);
    await new Promise((resolve) => setTimeout(resolve, 20_000));
    process.kill(-(child.pid ?? 0), "SIGINT");
    expect(await ended).toBe(130);
    expectRemoved();
    expect((await farm.farm(["doctor"])).output).toMatch(/a restore was rehearsed on .* and passed/);
  });

  test("a repository that has lost data fails it, with what would be missing, and doctor reports that", async () => {
    await on("worker1", `find ${folder}/worker1/data -type f | xargs -n 1 truncate -s 100`);
    const { status, output } = await farm.farm(["restore", "--rehearse"], { shown: true });
    expect(status).toBe(1);
    expect(output).toMatch(/the rehearsal failed:\n {2}\w+ \w+: /);
    expectRemoved();
    expect((await farm.farm(["doctor"])).output).toContain("✗ the rehearsal of a restore on ");
    await on("worker1", `rm -rf ${folder}/worker1 /var/lib/swarm-farm/backups/repository`);
    await backUp();
  });

  test("a file of ./farm backup is rehearsed too, and its farm can be left for a look", async () => {
    const file = join(farm.home, "night.backup");
    await farm.ok(["backup", file]);
    const { output } = await farm.ok(["restore", "--rehearse", file, "--keep"], { shown: true });
    expect(output).toContain("the rehearsal passed");
    const rehearsal = { ...farm.env, PULUMI_STACK: other };
    const look = [
      "ssh",
      "worker1",
      "docker exec $(docker ps -qf name=lamp-mysql) mysql -uroot -N app -e 'SELECT text FROM notes'",
    ];
    expect((await farm.farm(look, { env: rehearsal })).stdout.trim()).toBe("kept");
    const beside = namespaces()
      .split("\n")
      .find((line) => line.includes(other));
    const sites = [await farm.namespace(), beside];
    for (const site of sites) {
      const argv = ["netns", "exec", site?.split(" ")[0] ?? "", "curl", "-sko", "/dev/null", "-w", "%{http_code}"];
      expect(spawnSync("ip", [...argv, `https://${addresses.manager1}/`], { encoding: "utf8" }).stdout).toBe("200");
    }
    // The next rehearsal removes it; so does this.
    await farm.farm(["destroy", "--yes"], { env: rehearsal });
    await farm.withEnv(`pulumi stack rm ${other} --yes`);
  });

  (canServeSftp ? test : test.skip)("to an SFTP server the nodes' own image backs up, lists and restores", async () => {
    const server = await SftpServer.start({
      address: gateway,
      through: ["ip", "netns", "exec", await farm.namespace()],
    });
    try {
      const { privateKey, ...settings } = server.settings;
      const file = join(farm.home, "key");
      writeFileSync(file, privateKey, { mode: 0o600 });
      farm.configureAs({ ...config, backups: { to: { sftp: settings }, volumes: ["kept"] } });
      const key = "swarm-farm:backups.to.sftp.privateKey";
      await farm.withEnv('pulumi config set --path --secret "$1" <"$2"', { args: [key, file] });
      await farm.ok(["up"], { shown: true });
      for (const node of ["manager1", "worker1"]) await on(node, "rm -f /var/lib/swarm-farm/backups/repository");
      await backUp();
      const { stdout } = await farm.ok(["backup", "list"]);
      const id = /^(worker1:\w+) .*volume:kept$/m.exec(stdout)?.[1] ?? "";
      await on("worker1", "echo second >/var/lib/docker/volumes/kept/_data/file");
      await farm.ok(["restore", id, "--yes"], { shown: true });
      expect(await on("worker1", "cat /var/lib/docker/volumes/kept/_data/file")).toBe("first");
    } finally {
      await server.stop();
    }
  });
});
