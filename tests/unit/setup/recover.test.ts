import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { repository } from "../../support/program";

/** What a node is like: it knows a leader, knows one no more as soon as it is asked again, knows none, has an expired certificate, or is lost. */
type Node = "decides" | "decided" | "runs" | "expired" | "lost";

interface Around {
  readonly args?: readonly string[];
  /** When each manager wrote last to its raft log. */
  readonly written?: Readonly<Record<string, number>>;
  readonly workers?: Readonly<Record<string, Node>>;
  /** Hypervisors by their names; on which of them the VMs are, or that they do not answer. */
  readonly hosts?: Readonly<Record<string, readonly string[] | "away">>;
}

/** `./farm recover` with fake managers manager1, manager2 … at 10.77.0.11, 12 …; and what was done to whom. */
function recover(managers: readonly Node[], around: Around = {}) {
  const { args = ["--yes"], written = {}, workers = {}, hosts = {} } = around;
  const folder = mkdtempSync(join(tmpdir(), "recover-"));
  try {
    mkdirSync(join(folder, "ssh"));
    const nodes = { ...Object.fromEntries(managers.map((like, i) => [`manager${String(i + 1)}`, like])), ...workers };
    writeFileSync(
      join(folder, "ssh/managers"),
      managers.map((_, i) => `manager${String(i + 1)}=10.77.0.${String(i + 11)}\n`).join(""),
    );
    for (const [name, like] of Object.entries(nodes)) {
      writeFileSync(join(folder, name), like);
      writeFileSync(join(folder, "ssh", `${name}.host`), "");
      writeFileSync(join(folder, `${name}.written`), String(written[name] ?? 1));
    }
    for (const [host, has] of Object.entries(hosts))
      writeFileSync(join(folder, `host-${host}`), has === "away" ? "away" : has.map((name) => `dev.${name}\n`).join(""));
    writeFileSync(join(folder, "done"), "");
    const uris = Object.fromEntries(Object.keys(hosts).map((host) => [host, { uri: `host-${host}` }]));
    const program = `
      set -euo pipefail
      FARM_STACK=dev FARM_HOME=${folder}
      . ${repository}/setup/say.sh
      . ${repository}/setup/certificates.sh
      . ${repository}/setup/recover.sh
      write_ssh_files() { :; }
      is_interactive() { false; }
      wait_for() { shift 2; "$@" || "$@"; }
      remove_machine() { echo "remove $1" >>$FARM_HOME/done; }
      config_value() { echo '${JSON.stringify(uris)}'; }
      host_uris() { config_value hosts | jq -r '.[].uri'; }
      host_answers() { ! grep -q away $FARM_HOME/$1; }
      farm_virsh() { grep -qx "$2" "$FARM_HOME/$uri"; }
      expired_nodes() {
        local node
        for node; do ! grep -q expired $FARM_HOME/$node || echo "$node 2026-01-02"; done
      }
      manager_says_within() {
        shift
        local is=$(cat "$FARM_HOME/$1")
        [ "$is" != lost ] || return 1
        case $2 in
          true) ;;
          stat*) cat "$FARM_HOME/$1.written" ;;
          "docker node ls"*)
            [ "$is" != decided ] || echo runs >"$FARM_HOME/$1"
            [[ $is = decide[sd] ]]
            ;;
          "set -e"*docker-state.json*force-new-cluster*)
            echo decides >"$FARM_HOME/$1"
            echo "$1: new certificate" >>$FARM_HOME/done
            ;;
          *force-new-cluster*) echo decides >"$FARM_HOME/$1" ;;&
          *) echo "$1: \${2%% >/dev/null*}" >>$FARM_HOME/done ;;
        esac
      }
      farm_recover "$@"`;
    const { status, stderr } = spawnSync("bash", ["-c", program, "farm", ...args], { encoding: "utf8" });
    return { status, stderr, done: readFileSync(join(folder, "done"), "utf8").split("\n").filter(Boolean) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test.each<[what: string, managers: Node[], said: string]>([
  ["the swarm decides", ["lost", "decides", "decides"], "the swarm has a leader, nothing is to be recovered (manager3"],
  ["a majority runs", ["runs", "lost", "runs"], "manager1 manager3 run, which is a majority"],
  ["one has expired, and the others lead", ["expired", "decides", "decides"], "the swarm has a leader"],
  ["none runs", ["lost", "lost", "lost"], "no manager answers: start one first (./farm up --refresh)"],
])("nothing is touched where %s, and it is said what to do", (_, managers, said) => {
  const { status, stderr, done } = recover(managers);
  expect([status, done]).toEqual([1, []]);
  expect(stderr).toContain(said);
});

test.each([[["runs", "lost", "lost"] as const], [["expired"] as const]])("nothing is done without a yes: %s", (all) => {
  const { status, stderr, done } = recover(all, { args: [] });
  expect([status, done]).toEqual([1, []]);
  expect(stderr).toContain("nothing was done");
});

test("what it does not know is refused", () => {
  const { status, stderr, done } = recover(["runs", "lost", "lost"], { args: ["--force"] });
  expect([status, done]).toEqual([1, []]);
  expect(stderr).toContain("./farm recover takes --yes and --lost-host HOST, not '--force'");
});

test("one of three goes on alone once the lost ones cannot come back", () => {
  const { status, stderr, done } = recover(["lost", "runs", "lost"]);
  expect(status).toBe(0);
  expect(done).toEqual([
    "remove manager1",
    "remove manager3",
    "manager2: docker swarm init --force-new-cluster --advertise-addr 10.77.0.12",
    "manager2: docker node demote manager1",
    "manager2: docker node demote manager3",
  ]);
  expect(stderr).toContain("manager2 leads the swarm; ./farm up --refresh recreates manager1 manager3, and");
});

test("a leader that has not yet seen that it leads nobody is waited for", () => {
  const { status, done } = recover(["lost", "decided", "lost"]);
  expect([status, done.slice(0, 3)]).toEqual([
    0,
    [
      "remove manager1",
      "remove manager3",
      "manager2: docker swarm init --force-new-cluster --advertise-addr 10.77.0.12",
    ],
  ]);
});

test("a leader that leads indeed is left alone: what else has expired joins it again", () => {
  const { status, stderr, done } = recover(["decides", "expired", "expired"]);
  expect([status, done]).toEqual([1, []]);
  expect(stderr).toContain("manager1 leads the swarm, nothing is to be recovered; ./farm up --refresh lets nodes");
});

test("of two that are left of five one goes on, and the other leaves what has no leader to join it, with its machine", () => {
  const { status, done } = recover(["lost", "runs", "lost", "runs", "lost"]);
  expect(status).toBe(0);
  expect(done.filter((line) => line.startsWith("remove"))).toEqual([1, 3, 5].map((n) => `remove manager${String(n)}`));
  expect(done.slice(3, 5)).toEqual([
    "manager4: docker swarm leave --force",
    "manager2: docker swarm init --force-new-cluster --advertise-addr 10.77.0.12",
  ]);
});

describe("certificates have expired", () => {
  test("the only manager gets a new one, and workers whose certificates expired too join it again", () => {
    const workers = { worker1: "expired", worker2: "runs", worker3: "lost" } as const;
    const { status, stderr, done } = recover(["expired"], { workers });
    expect(status).toBe(0);
    expect(done).toEqual([
      "manager1: new certificate",
      "worker1: docker swarm leave --force",
      "manager1: docker node demote worker1",
    ]);
    expect(stderr).toContain("the swarm's certificates have expired: manager1 2026-01-02, worker1 2026-01-02");
    expect(stderr).toContain("manager1 leads the swarm; ./farm up --refresh lets all other nodes join it");
  });

  test("of three managers the one that knows most goes on, and no VM is removed", () => {
    const written = { manager1: 100, manager2: 300, manager3: 200 };
    const { status, done } = recover(["expired", "expired", "expired"], { written });
    expect(status).toBe(0);
    expect(done).toEqual([
      "manager2: new certificate",
      "manager1: docker swarm leave --force",
      "manager3: docker swarm leave --force",
      "manager2: docker node demote manager1",
      "manager2: docker node demote manager3",
    ]);
  });

  test("a manager whose certificate has not expired goes on", () => {
    const { status, done } = recover(["expired", "runs", "expired"]);
    expect([status, done]).toEqual([
      0,
      [
        "manager1: docker swarm leave --force",
        "manager3: docker swarm leave --force",
        "manager2: docker swarm init --force-new-cluster --advertise-addr 10.77.0.12",
        "manager2: docker node demote manager1",
        "manager2: docker node demote manager3",
      ],
    ]);
  });
});

describe("a hypervisor does not answer", () => {
  const managers = ["runs", "lost", "lost"] as const;
  const hosts = { left: ["manager1", "manager2"], right: "away" } as const;

  test("the VM of a lost manager may come back with it: nothing is touched, and it is named", () => {
    const { status, stderr, done } = recover(managers, { hosts });
    expect([status, done]).toEqual([1, []]);
    expect(stderr).toContain("hypervisor 'right' does not answer, and may have the VM of manager3");
    expect(stderr).toContain("if it is gone for good: ./farm recover --lost-host right");
  });

  test("it goes on where that one is said to be gone", () => {
    const { status, done } = recover(managers, { hosts, args: ["--yes", "--lost-host", "right"] });
    expect([status, done.slice(0, 3)]).toEqual([
      0,
      [
        "remove manager2",
        "remove manager3",
        "manager1: docker swarm init --force-new-cluster --advertise-addr 10.77.0.11",
      ],
    ]);
  });

  test("it goes on where all that are lost are on others", () => {
    const there = { left: ["manager1", "manager2", "manager3"], right: "away" } as const;
    expect(recover(managers, { hosts: there }).status).toBe(0);
  });
});

test.each([
  [["manager1.qcow2"], ["destroy dev.manager1", "undefine dev.manager1", "vol-delete manager1.qcow2"]],
  [
    ["manager1.qcow2", "manager1-data.qcow2"],
    ["destroy dev.manager1", "undefine dev.manager1", "vol-delete manager1.qcow2", "vol-delete manager1-data.qcow2"],
  ],
  [[], ["destroy dev.manager1", "undefine dev.manager1"]],
])("a lost manager's VM goes with the disks that it has: %s", (disks, done) => {
  const program = `
    set -euo pipefail
    FARM_STACK=dev
    . ${repository}/setup/say.sh
    . ${repository}/setup/recover.sh
    host_uris() { echo here; echo there; }
    farm_virsh() {
      case "$uri $1" in
        "there "*) return 1 ;;
        *dominfo) ;;
        *vol-info) [[ " ${disks.join(" ")} " = *" $4 "* ]] ;;
        *vol-delete) echo "$1 $4" >&4 ;;
        *) echo "$1 $2" >&4 ;;
      esac
    }
    remove_machine manager1 4>&1`;
  const { status, stdout } = spawnSync("bash", ["-c", program], { encoding: "utf8" });
  expect([status, stdout.split("\n").filter(Boolean)]).toEqual([0, done]);
});
