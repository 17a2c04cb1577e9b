import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { scripts } from "../../../../cli/recover/scripts";

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "node-"));
  mkdirSync(join(root, "bin"));
  mkdirSync(join(root, "swarm/raft/wal-v3-encrypted"), { recursive: true });
  writeFileSync(join(root, "swarm/docker-state.json"), "{}");
  program("systemctl", `echo "systemctl $*" >>${root}/did`);
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

function program(name: string, body: string): void {
  writeFileSync(join(root, "bin", name), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
}

/** `docker`, whose node is in this state and whose `swarm init` ends so. */
function docker(state: string, init = 0): void {
  program(
    "docker",
    `case "$*" in
      *DockerRootDir*) echo ${root} ;;
      *LocalNodeState*) echo ${state} ;;
      'ps '*) echo container1 ;;
      *) echo "docker $*" >>${root}/did; case "$*" in *init*) exit ${String(init)} ;; *leave*) exit 1 ;; esac ;;
    esac`,
  );
}

function run(text: string) {
  const env = { ...process.env, PATH: `${join(root, "bin")}:${process.env.PATH ?? ""}` };
  const { status, stdout } = spawnSync("sh", ["-c", text], { env, encoding: "utf8" });
  const did = existsSync(join(root, "did")) ? readFileSync(join(root, "did"), "utf8").trim().split("\n") : [];
  return { status, stdout, did };
}

describe("renew.sh", () => {
  const units = "docker.socket docker.service";

  test.each([
    ["init succeeds", "pending", 0, 0],
    ["init fails, but the node is active", "active", 1, 0],
    ["init fails", "error", 1, 1],
  ])("Docker discards its swarm state, and %s", (_, state, init, status) => {
    docker(state, init);
    const ran = run(scripts("renew.sh", { ADDRESS: "10.77.0.11" }));
    expect([ran.status, ran.did]).toEqual([
      status,
      [
        ...[`systemctl start ${units}`, `systemctl stop ${units}`, `systemctl start ${units}`],
        "docker swarm init --force-new-cluster --advertise-addr 10.77.0.11",
      ],
    ]);
    expect(existsSync(join(root, "swarm/docker-state.json"))).toBe(false);
  });
});

describe("leave.sh", () => {
  test("a node that left the swarm has none of its containers, whatever the status of leave", () => {
    docker("inactive");
    const { status, did } = run(scripts("leave.sh", {}));
    expect([status, did]).toEqual([0, ["docker swarm leave --force", "docker rm -f container1"]]);
  });

  test("a node that is still in the swarm keeps its containers", () => {
    docker("error");
    const { status, did } = run(scripts("leave.sh", {}));
    expect([status, did]).toEqual([1, ["docker swarm leave --force"]]);
  });
});

test("raft-time.sh prints the time of the last write to the log", () => {
  docker("active");
  for (const [name, time] of Object.entries({ a: 100, b: 300, c: 200 })) {
    const file = join(root, "swarm/raft/wal-v3-encrypted", name);
    writeFileSync(file, "");
    utimesSync(file, time, time);
  }
  expect(run(scripts("raft-time.sh", {})).stdout).toBe("300\n");
});
