import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { mysqlClient } from "../../../../stacks/lamp/mysql-dump";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { scripts } from "../../../../cli/backup/scripts";
import { scripts as swarmScripts } from "../../../../infra/swarm/scripts";

jest.setTimeout(30_000);

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "node-"));
  for (const folder of ["bin", "var/lib/docker", "var/tmp", "run/secrets"])
    mkdirSync(join(root, folder), { recursive: true });
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

/** Runs a script on a node whose folders are below `root`. */
function onNode(text: string, input: Buffer | string = "", args: readonly string[] = []) {
  const script = text.replaceAll(/\/(var\/lib|var\/tmp|run\/docker|run\/secrets)/g, `${root}/$1`);
  const env = { ...process.env, PATH: `${join(root, "bin")}:${process.env.PATH ?? ""}` };
  return spawnSync("sh", ["-c", script, "sh", ...args], { input, env, timeout: 20_000 });
}

/** A program of the node's. */
function program(name: string, body: string): void {
  writeFileSync(join(root, "bin", name), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
}

const docker = (...path: readonly string[]) => join(root, "var/lib/docker", ...path);

function write(path: string, text: string): void {
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, text);
}

describe("copy-swarm.sh", () => {
  let dockerd: ChildProcess;
  const state = () => /^State:\s+(\S)/m.exec(readFileSync(`/proc/${String(dockerd.pid)}/status`, "utf8"))?.[1];

  beforeEach(() => {
    dockerd = spawn("sleep", ["60"], { stdio: "ignore" });
    write(join(root, "run/docker.pid"), String(dockerd.pid));
    write(docker("swarm/certificates/swarm-node.key"), "key");
    write(docker("swarm/raft/wal"), "log");
    write(docker("swarm/raft/wal.tmp"), "half");
    write(docker("swarm/worker/tasks.db"), "tasks");
  });

  afterEach(() => {
    dockerd.kill("SIGKILL");
  });

  test("prints the state without tasks and temporary files, and resumes Docker", () => {
    const { status, stdout, stderr } = onNode(swarmScripts("copy-swarm.sh", {}));
    expect([status, stderr.toString()]).toEqual([0, ""]);
    const names = spawnSync("tar", ["-t"], { input: stdout }).stdout.toString().split("\n");
    expect(names.filter((name) => !name.endsWith("/")).sort()).toEqual([
      "",
      "swarm/certificates/swarm-node.key",
      "swarm/raft/wal",
    ]);
    expect(state()).toBe("S");
    expect(readdirSync(join(root, "var/tmp"))).toEqual([]);
  });

  test("resumes Docker and removes its copy if the copy fails", () => {
    program("cp", "exit 1");
    expect(onNode(swarmScripts("copy-swarm.sh", {})).status).not.toBe(0);
    expect(state()).toBe("S");
    expect(readdirSync(join(root, "var/tmp"))).toEqual([]);
  });
});

describe("put-swarm.sh", () => {
  const text = () => scripts("put-swarm.sh", { DATE: "2026-11-25T180000Z", ENTRIES: 2 });
  const kept = "swarm-before-restore-2026-11-25T180000Z";

  function backup(): Buffer {
    const from = join(root, "from");
    write(join(from, "swarm/docker-state.json"), "restored");
    return spawnSync("tar", ["-c", "-C", from, "swarm"]).stdout;
  }

  beforeEach(() => {
    program("systemctl", `echo "$1" >>${root}/systemctl`);
  });

  test("replaces the state, keeps the previous one under a dated name and prints that name", () => {
    write(docker("swarm/docker-state.json"), "former");
    const { status, stdout } = onNode(text(), backup());
    expect([status, stdout.toString()]).toEqual([0, `${docker(kept)}\n`]);
    expect(readFileSync(docker("swarm/docker-state.json"), "utf8")).toBe("restored");
    expect(readFileSync(docker(kept, "docker-state.json"), "utf8")).toBe("former");
    expect(readdirSync(docker()).sort()).toEqual(["swarm", kept]);
    expect(readFileSync(join(root, "systemctl"), "utf8")).toBe("stop\nstart\n");
  });

  test("keeps no previous state on a new disk", () => {
    const { status, stdout } = onNode(text(), backup());
    expect([status, stdout.toString(), readdirSync(docker())]).toEqual([0, "", ["swarm"]]);
  });

  test.each([700, 512, 1200])("changes nothing if the tar is cut off after %i bytes", (end) => {
    write(docker("swarm/docker-state.json"), "former");
    expect(onNode(text(), backup().subarray(0, end)).status).not.toBe(0);
    expect(readFileSync(docker("swarm/docker-state.json"), "utf8")).toBe("former");
    expect(readdirSync(docker())).toEqual(["swarm"]);
    expect(existsSync(join(root, "systemctl"))).toBe(false);
  });
});

describe("mysql-client.sh", () => {
  test("gives the program its input and arguments, and the password through a pipe", () => {
    write(join(root, "run/secrets/mysql-password"), 'a"b\\c\n');
    program("mysql", `printf '%s\\n' "$#" "$2" "$3"; cat /dev/fd/3; cat`);
    const { status, stdout } = onNode(mysqlClient(), "SELECT 1;", ["mysql", "--execute", "two words"]);
    expect([status, stdout.toString()]).toEqual([
      0,
      '3\n--execute\ntwo words\n[client]\nuser=app\npassword="a"b\\\\c"\nSELECT 1;',
    ]);
  });

  test("exits with the status of the program", () => {
    write(join(root, "run/secrets/mysql-password"), "p");
    program("mysqldump", "exit 4");
    expect(onNode(mysqlClient(), "", ["mysqldump"]).status).toBe(4);
  });
});
