import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { mkdirSync, readdirSync } from "node:fs";
import { scripts } from "../../../infra/keys/scripts";
import { BackedUpNode, canBackUp } from "../../support/backed-up-node";

/** As ps(1) has it: S sleeps, T is stopped. */
function stateOf({ pid }: ChildProcess): string {
  return spawnSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" }).stdout.trim();
}

(canBackUp ? describe : describe.skip)("the state of the swarm", () => {
  const made = spawnSync("sh", ["-c", scripts("seal.sh", { DAYS: 1 })], {
    encoding: "utf8",
    env: { ...process.env, NAME: "swarm-farm backups" },
  }).stdout;
  const { key, cert: seal } = JSON.parse(made) as { readonly key: string; readonly cert: string };
  let node: BackedUpNode;
  let dockerd: ChildProcess;

  beforeAll(() => {
    node = new BackedUpNode({ node: "manager1", dumps: [], volumes: [], seal });
    mkdirSync(node.path("var/tmp"), { recursive: true });
    dockerd = spawn("sleep", ["120"], { stdio: "ignore" });
    node.write("run/docker.pid", String(dockerd.pid));
    node.write("var/lib/docker/swarm/certificates/swarm-node.key", "the swarm's key");
    node.write("var/lib/docker/swarm/worker/tasks.db", "tasks");
  });

  afterAll(() => {
    dockerd.kill("SIGKILL");
    node.remove();
  });

  test("is a manager's alone", () => {
    expect(node.call("run")).toMatchObject({ status: 0, stderr: "" });
    expect(node.snapshots()).toEqual([]);
    expect(node.call("status").stdout).toMatch(/^wants=swarm:state$/m);
    expect(node.call("status").stdout).not.toMatch(/^has=/m);
  });

  test("is kept so that only the key opens it, with what the manager knows of the swarm", () => {
    node.write("manager", '{"Hostname":"manager1","ID":"id1","ManagerStatus":"Leader"}\n');
    expect(node.call("run")).toMatchObject({ status: 0, stderr: "" });
    expect(node.call("status").stdout).toMatch(/^has=swarm:state$/m);
    const id = node.last("swarm:state");
    expect(node.call("kind", id).stdout).toMatch(/^swarm 20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ\n$/);
    const printed = spawnSync("sh", [node.path("program"), "print", id], { env: node.environment() }).stdout;
    expect(printed.includes("the swarm's key")).toBe(false);
    node.write("key", key);
    const opened = spawnSync("openssl", ["cms", "-decrypt", "-binary", "-inform", "DER", "-inkey", node.path("key")], {
      input: printed,
    }).stdout;
    mkdirSync(node.path("opened"));
    spawnSync("tar", ["-x", "-C", node.path("opened")], { input: opened });
    expect(readdirSync(node.path("opened"))).toEqual(["info.json", "nodes.json", "swarm.tar"]);
    expect(node.read("opened/info.json")).toContain("cluster1");
    expect(node.read("opened/nodes.json")).toBe(node.read("manager"));
    const { stdout } = spawnSync("tar", ["-tf", node.path("opened/swarm.tar")], { encoding: "utf8" });
    expect(stdout).toContain("swarm/certificates/swarm-node.key");
    expect(stdout).not.toContain("tasks.db");
  });

  test("is for ./farm restore: the node itself restores and prints nothing else", () => {
    const id = node.last("swarm:state");
    expect(node.call("tell", id)).toMatchObject({
      status: 1,
      stderr: `the snapshot '${id}' of manager1 is the state of the swarm: ./farm restore manager1:${id}\n`,
    });
    node.set({ node: "manager1", dumps: [], seal });
    expect(node.call("run").status).toBe(0);
    expect(node.call("print", node.last("volume:uploads")).stderr).toContain("is no state of a swarm");
  });

  test("is in the clear nowhere once it is encrypted, and counts only if all of it was sent", () => {
    node.replaceProgram(
      "docker",
      "*swarm:state,unfinished*",
      'ls "$TMPDIR"/* >"$FAKE_NODE/left"; head -c 100 | "$real" "$@"; exit 137',
    );
    const before = node.last("swarm:state");
    expect(node.call("run").status).toBe(1);
    expect(node.read("left")).toContain("sealed");
    expect(node.read("left")).not.toMatch(/state|swarm\.tar|packed/);
    expect(node.last("swarm:state")).toBe(before);
    node.replaceProgram("docker", "never", ":");
    expect(node.call("run").status).toBe(0);
    expect(node.last("swarm:state")).not.toBe(before);
    expect(readdirSync(node.path("tmp"))).toEqual([]);
  });

  test("that was being copied when all of its run was killed: Docker goes on by the unit's last step", () => {
    dockerd.kill("SIGSTOP");
    node.write("state/copying", "");
    expect(node.call("release").status).toBe(0);
    expect(stateOf(dockerd)).toMatch(/^S/);
    expect(node.has("state/copying")).toBe(false);
  });

  test("that cannot be copied is the run's failure, and Docker goes on", () => {
    node.replaceProgram("cp", "*--parents*", "echo 'cp: broken' >&2; exit 1");
    expect(node.call("run").status).toBe(1);
    expect(node.status().failure).toContain("the swarm's state could not be copied: cp: broken");
    expect(stateOf(dockerd)).toMatch(/^S/);
  });
});
