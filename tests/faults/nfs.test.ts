import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { addresses, changedResources, containerOf, repository, smallConfig, TestFarm } from "../live/farm";
import { until } from "../live/until";

const minute = 60_000;
jest.setTimeout(30 * minute);

const gateway = "10.77.0.1";
/** NFS of a program; the kernel's own would be one for all namespaces. */
const program = "ganesha.nfsd";
const there = spawnSync("sh", ["-c", `command -v ${program}`]).status === 0 ? describe : describe.skip;

/** Tasks on two nodes share a folder of an NFS server outside of the farm, which goes and comes back. */
there("a volume on an NFS server (Debian's nfs-ganesha-vfs)", () => {
  const farm = new TestFarm("test-nfs");
  const folder = join(farm.home, "nfs");
  const exported = join(farm.home, "exported");
  const config = join(farm.home, "ganesha.conf");
  const log = join(farm.home, "ganesha.log");
  let server: ChildProcess | undefined;

  const start = async () => {
    const args = ["-F", "-f", config, "-L", log, "-p", join(farm.home, "ganesha.pid")];
    server = spawn("ip", ["netns", "exec", await farm.namespace(), program, ...args], { stdio: "ignore" });
    await until("the NFS server", async () => {
      const sockets = await farm.ok(["run", "--", "ss", "-Hltn", "sport = :2049"]);
      return sockets.stdout.includes(gateway);
    });
  };
  const stop = async () => {
    const ended = new Promise((resolve) => server?.once("close", resolve));
    server?.kill("SIGKILL");
    await ended;
  };
  const ofTask = (node: string, command: string) =>
    farm.farm(["ssh", node, `docker exec ${containerOf("shared_files")} sh -c '${command}'`]);
  const configure = (stacks: object) => {
    farm.configureAs({
      ...smallConfig({ manager1: { role: "manager" }, worker1: { role: "worker" } }),
      ...stacks,
      loadbalancer: { routes: { hello: { path: "/" }, ...("stacks" in stacks ? { files: { path: "/files/" } } : {}) } },
      hello: {},
    });
  };

  beforeAll(async () => {
    cpSync(join(repository, "tests", "faults", "nfs"), folder, { recursive: true });
    cpSync(join(repository, "examples", "websocket", "server"), join(folder, "server"), { recursive: true });
    mkdirSync(exported);
    // As an export for the uid of the tasks, which is nobody's here.
    chmodSync(exported, 0o777);
    writeFileSync(
      config,
      [
        `NFS_CORE_PARAM { Protocols = 4; Bind_addr = ${gateway}; Enable_NLM = false; Enable_RQUOTA = false; }`,
        "NFSV4 { Graceless = true; Lease_Lifetime = 60; RecoveryBackend = fs; }",
        `EXPORT { Export_Id = 1; Path = ${exported}; Pseudo = /export; Access_Type = RW; Squash = No_Root_Squash;`,
        "SecType = sys; Protocols = 4; Transports = TCP; FSAL { Name = VFS; } }",
      ].join("\n"),
    );
    configure({});
    await farm.ok(["up"], { shown: true });
    await farm.trustAuthority();
    await start();
    configure({
      stacks: {
        shared: { file: join(folder, "compose.yaml"), routes: { files: { service: "files", port: 8080 } } },
      },
    });
    await farm.ok(["up", "--yes"], { shown: true });
  });

  afterAll(async () => {
    // It ends with the namespace, too.
    await stop();
    await farm.end();
  });

  test("up deploys it, and a preview shows nothing more", async () => {
    expect((await farm.runningTasks("shared_files", "{{.Node}}")).sort()).toEqual(["manager1", "worker1"]);
    expect(changedResources((await farm.ok(["preview"])).output)).toEqual([]);
  });

  test("a file that a task on one node stores is there for the task on another one, and on the server", async () => {
    expect((await ofTask("worker1", "echo hello >/data/upload")).status).toBe(0);
    expect((await ofTask("manager1", "cat /data/upload")).stdout.trim()).toBe("hello");
    expect(readFileSync(join(exported, "upload"), "utf8")).toBe("hello\n");
    for (let request = 0; request < 6; request++)
      expect(await farm.curl([`https://${addresses.manager1}/files/upload`])).toBe("hello\n");
  });

  test("a server that is away ends requests with an error, and its files are there once it is back", async () => {
    await stop();
    const away = await ofTask("worker1", "timeout 120 cat /data/upload; echo more >/data/late");
    expect(away.status).not.toBe(0);
    await start();
    await until(
      "the file",
      async () => (await ofTask("worker1", "cat /data/upload")).stdout.trim() === "hello",
      5 * minute,
    );
    expect((await ofTask("manager1", "echo again >/data/again")).status).toBe(0);
    expect((await ofTask("worker1", "cat /data/again")).stdout.trim()).toBe("again");
  });

  test("a node that restarts has the volume again", async () => {
    await farm.virsh("destroy", "test-nfs.worker1");
    await farm.ok(["up", "--yes"], { shown: true });
    await until(
      "the file on the node",
      async () => (await ofTask("worker1", "cat /data/again")).stdout.trim() === "again",
      5 * minute,
    );
  });
});
