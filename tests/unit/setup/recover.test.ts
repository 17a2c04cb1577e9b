import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { repository } from "../../support/program";

/** What a manager is like: it knows a leader, knows one no more as soon as it is asked again, knows none, or is lost. */
type Manager = "decides" | "decided" | "runs" | "lost";

/** `./farm recover` with fake managers manager1, manager2 … at 10.77.0.11, 12 …; and what was done to whom. */
function recover(managers: readonly Manager[], args: readonly string[] = ["--yes"]) {
  const folder = mkdtempSync(join(tmpdir(), "recover-"));
  try {
    mkdirSync(join(folder, "ssh"));
    writeFileSync(
      join(folder, "ssh/managers"),
      managers.map((_, i) => `manager${String(i + 1)}=10.77.0.${String(i + 11)}\n`).join(""),
    );
    managers.forEach((like, i) => {
      writeFileSync(join(folder, `manager${String(i + 1)}`), like);
    });
    writeFileSync(join(folder, "done"), "");
    const program = `
      set -euo pipefail
      FARM_STACK=dev FARM_HOME=${folder}
      . ${repository}/setup/say.sh
      . ${repository}/setup/recover.sh
      write_ssh_files() { :; }
      is_interactive() { false; }
      wait_for() { shift 2; "$@" || "$@"; }
      remove_machine() { echo "remove $1" >>$FARM_HOME/done; }
      manager_says_within() {
        shift
        local is=$(cat "$FARM_HOME/$1")
        [ "$is" != lost ] || return 1
        case $2 in
          true) ;;
          "docker node ls"*)
            [ "$is" != decided ] || echo runs >"$FARM_HOME/$1"
            [[ $is = decide[sd] ]]
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

test.each<[what: string, managers: Manager[], said: string]>([
  ["the swarm decides", ["lost", "decides", "decides"], "the swarm has a leader, nothing is to be recovered (manager3"],
  ["a majority runs", ["runs", "lost", "runs"], "manager1 manager3 run, which is a majority"],
  ["none runs", ["lost", "lost", "lost"], "no manager answers: start one first (./farm up --refresh)"],
])("nothing is touched where %s, and it is said what to do", (_, managers, said) => {
  const { status, stderr, done } = recover(managers);
  expect([status, done]).toEqual([1, []]);
  expect(stderr).toContain(said);
});

test("nothing is done without a yes", () => {
  const { status, stderr, done } = recover(["runs", "lost", "lost"], []);
  expect([status, done]).toEqual([1, []]);
  expect(stderr).toContain("nothing was done");
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
  expect(stderr).toContain("manager2 leads the swarm; ./farm up --refresh makes manager1 manager3 anew");
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

test("of two that are left of five one goes on, and the other leaves what has no leader to join it, with its machine", () => {
  const { status, done } = recover(["lost", "runs", "lost", "runs", "lost"]);
  expect(status).toBe(0);
  expect(done.filter((line) => line.startsWith("remove"))).toEqual([1, 3, 5].map((n) => `remove manager${String(n)}`));
  expect(done.slice(3, 5)).toEqual([
    "manager4: docker swarm leave --force",
    "manager2: docker swarm init --force-new-cluster --advertise-addr 10.77.0.12",
  ]);
});
