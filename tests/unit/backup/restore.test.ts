import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { repository } from "../../support/program";

const manifest = {
  stack: "dev",
  date: "2026-11-25T18:00:00Z",
  node: "manager1",
  cluster: "cluster1",
  nodes: [{ manager: true }, { manager: true }, { manager: false }],
  parts: { "swarm.tar": "sum", "mysql.sql": "sum" },
};

/** What a farm is like; each a line of shell, and all well where nothing is said. */
interface FakeFarm {
  /** The managers whose machines answer, and what `docker node ls` ends with there. */
  readonly managers?: Readonly<Record<string, number>>;
  /** What the task of mysql is, as Docker lists it. */
  readonly mysql?: string;
  readonly machine?: string;
  readonly cluster?: string;
  readonly manifest?: object;
  /** A command line that the node refuses. */
  readonly refuses?: string;
}

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "restore-"));
  mkdirSync(join(folder, "ssh"));
  writeFileSync(join(folder, "ssh", "managers"), "manager1=10.77.0.11\nmanager2=10.77.0.12\n");
  writeFileSync(join(folder, "ssh", "worker1.host"), "");
  writeFileSync(join(folder, "calls"), "");
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** A command of Pulumi's that ran on a machine. */
const ranOn = (name: string, ...triggers: readonly string[]) => ({
  urn: `urn:pulumi:dev::swarm-farm::x::${name}`,
  type: "command",
  inputs: { triggers },
  outputs: { stdout: "cluster1", triggers },
});

/** `./farm restore` of a backup that is whole; also what was done to the farm. */
function restore(args: readonly string[], farm: FakeFarm = {}) {
  const { managers = { manager1: 0, manager2: 0 }, machine = "running", cluster = "cluster1" } = farm;
  const state = JSON.stringify({
    deployment: {
      resources: [
        { ...ranOn("swarm-init", "old"), outputs: { stdout: cluster, triggers: ["old"] } },
        ranOn("manager1-join", "old", "cluster1"),
        ranOn("manager1-trust", "old"),
        ...["disk", "seed", "domain", "power", "report"].map((noun) => ({
          urn: `urn:pulumi:dev::swarm-farm::x::manager1-${noun}`,
          type: "x",
          id: "new",
        })),
        { urn: "s", type: "docker:index/service:Service", id: "newid", outputs: { name: "hello" } },
        { urn: "c", type: "docker:index/serviceConfig:ServiceConfig", id: "keptid", outputs: { name: "conf" } },
      ],
    },
  });
  writeFileSync(join(folder, "manifest"), JSON.stringify({ ...manifest, ...farm.manifest }));
  writeFileSync(join(folder, "state"), state);
  const alive = Object.entries(managers).map(
    ([name, status]) => `${name}) case $2 in *'node ls'*) return ${String(status)} ;; esac ;;`,
  );
  const program = `
    set -euo pipefail
    REPO=${repository} FARM_STACK=dev FARM_HOME=${folder} FARM_LOGS=${folder}/logs
    . "$REPO/setup/say.sh"
    . "$REPO/setup/orphans.sh"
    . "$REPO/setup/recover.sh"
    . "$REPO/setup/mysql.sh"
    . "$REPO/setup/backup-file.sh"
    . "$REPO/setup/restore.sh"
    did() { echo "$*" | tr '\\n' ' ' >>${folder}/calls; echo >>${folder}/calls; }
    open_backup() { BACKUP=$1 MANIFEST=$(cat ${folder}/manifest); }
    backup_part() { echo "content of $1"; }
    unlock_stack() { :; }
    write_ssh_files() { :; }
    setup_hypervisor() { :; }
    setup_all() { did setup; }
    confirmed() { return 1; }
    host_uris() { echo qemu:///system; }
    farm_virsh() { [ -n "${machine}" ] && echo ${machine}; }
    pulumi() { case $2 in import) did "import $(jq -c '[.deployment.resources[].inputs.triggers // empty]')" ;; *) cat ${folder}/state ;; esac; }
    run_pulumi_as_is() { did "pulumi $*"; echo 1 >${folder}/made; }
    remove_machine() { did "remove $1"; }
    manager_says() {
      [ "$1" = any.manager ] || case $1 in ${alive.join(" ")} *) [ -e ${folder}/made ] && [ "$2" = true ] ;; esac
    }
    farm_node() {
      case "$*" in
        *"service ps lamp-mysql"*) echo "${farm.mysql ?? "worker1 lamp-mysql.1.abc Running 2 minutes ago"}"; return ;;
        *"node ls"*) printf '%s\\n' 'id1 manager1 Leader' 'id2 manager2 Unreachable' 'id3 worker1' 'id4 worker9'; return ;;
        *"docker service ls"*) printf '%s\\n' 'service oldid hello' 'config keptid conf' 'service other mine'; return ;;
      esac
      did "node $*"
      ! [[ "$*" = *"${farm.refuses ?? "nothing at all"}"* ]]
    }
    wait_for() { shift 2; case "$*" in manager_decides*) ;; *) "$@" ;; esac; }
    farm_restore "$@"`;
  const { status, stderr } = spawnSync("bash", ["-c", program, "farm", ...args], { encoding: "utf8", timeout: 30_000 });
  return { status, said: stderr, done: readFileSync(join(folder, "calls"), "utf8").trim().split("\n").filter(Boolean) };
}

/** The only manager's machine and disk are gone, as are the other's. */
const lost: FakeFarm = { managers: {}, machine: "" };

describe("nothing is touched, and it is said why", () => {
  test.each<[string, readonly string[], FakeFarm, string]>([
    ["no file", [], {}, "which backup? ./farm restore FILE"],
    ["an option that is none", ["f", "--force"], {}, "./farm restore does not know --force"],
    ["a part that is none", ["f", "registry"], {}, "a backup has no part 'registry'; there are: swarm, mysql"],
    ["one word too many", ["f", "mysql", "swarm"], {}, "takes one file and one part, not 'swarm' too"],
    ["--from without a name", ["f", "--from"], {}, "--from needs the name of a stack"],
    [
      "another stack's backup",
      ["f", "--yes"],
      { manifest: { stack: "shop" } },
      "f is of the stack 'shop', not of 'dev'; to have its data here: --from shop",
    ],
    [
      "not the stack that was named",
      ["f", "--yes", "--from", "lab"],
      { manifest: { stack: "shop" } },
      "f is of the stack 'shop', not of 'lab'",
    ],
    ["nobody who says yes", ["f", "mysql"], {}, "nothing was done"],
    [
      "a backup without a database",
      ["f", "mysql", "--yes"],
      { manifest: { parts: { "swarm.tar": "sum" } } },
      "f has no database: lamp was not deployed",
    ],
    ["mysql that does not run", ["f", "--yes"], { mysql: "worker1 lamp-mysql.1.abc Starting" }, "mysql does not run"],
    ["no mysql at all", ["f", "--yes"], { mysql: "" }, "mysql does not run"],
    ["no swarm to find mysql in", ["f", "mysql", "--yes"], lost, "no manager of the swarm answers"],
    ["a swarm that answers", ["f", "swarm", "--yes"], {}, "the swarm answers and is not replaced by an older one"],
    [
      "another manager that is there",
      ["f", "--yes"],
      { ...lost, managers: { manager2: 1 } },
      "manager2 runs, and has a newer state of the swarm than any backup: ./farm recover goes on with it",
    ],
    [
      "a manager that the farm does not have",
      ["f", "swarm", "--yes"],
      { ...lost, manifest: { node: "manager7" } },
      "f is of the manager 'manager7', and the farm has none of that name",
    ],
    [
      "a swarm that Pulumi did not make",
      ["f", "--yes"],
      { ...lost, cluster: "cluster2" },
      "f is of swarm cluster1, and Pulumi made cluster2",
    ],
    [
      "another stack's swarm",
      ["f", "--from", "shop", "--yes"],
      { ...lost, manifest: { stack: "shop" } },
      "only the database of another stack's backup can be had here",
    ],
    [
      "a machine that is only off",
      ["f", "--yes"],
      { ...lost, machine: "shut off" },
      "the machine of manager1 is there and is 'shut off': ./farm up --refresh starts it",
    ],
    ["a machine that does not answer", ["f", "--yes"], { ...lost, machine: "running" }, "does not answer ssh"],
  ])("%s", (_, args, farm, message) => {
    const { status, said, done } = restore(args, farm);
    expect(status).toBe(1);
    expect(said.trimEnd().split("\n").at(-1)).toMatch(/^farm: /);
    expect(said).toContain(message);
    expect(done).toEqual([]);
  });

  test("a farm that is not there", () => {
    rmSync(join(folder, "ssh", "managers"));
    const { status, said } = restore(["f", "--yes"]);
    expect([status, said]).toEqual([1, "farm: there is no farm 'dev' to restore to: ./farm up builds it\n"]);
  });
});

test("where the swarm answers, the database is loaded", () => {
  const { status, said, done } = restore(["f", "--yes"]);
  expect(status).toBe(0);
  expect(said).toContain("what was written since is lost");
  expect(done[0]).toMatch(/^node worker1 docker exec -i lamp-mysql\.1\.abc sh -c .* sh mysql $/);
});

test("another stack's data, when it is named", () => {
  const { status } = restore(["f", "--yes", "--from=shop"], { manifest: { stack: "shop" } });
  expect(status).toBe(0);
});

test("a load that fails says how to do it again", () => {
  const { status, said } = restore(["f", "--yes"], { refuses: "sh mysql" });
  expect(status).toBe(1);
  expect(said).toContain("the database is not whole: ./farm restore f mysql begins anew");
});

test("where all managers are lost: one machine is made, the state put there, and what is no more forgotten", () => {
  const { status, said, done } = restore(["f", "--yes"], lost);
  expect([status, said]).toEqual([0, expect.stringContaining("manager1 leads the swarm; ./farm up --refresh")]);
  const urn = (noun: string) => `--target urn:pulumi:dev::swarm-farm::x::manager1-${noun}`;
  const all = ["disk", "seed", "domain", "power", "report"];
  const readBack = all.filter((noun) => noun !== "seed");
  expect(done.map((line) => line.trim())).toEqual([
    "setup",
    `pulumi refresh --yes --skip-preview ${readBack.map(urn).join(" ")}`,
    `pulumi up --yes --skip-preview ${all.map(urn).join(" ")}`,
    expect.stringMatching(/^node manager1 set -eu .*systemctl stop .*mv .*systemctl start/),
    "node -n manager1 docker swarm init --force-new-cluster --advertise-addr 10.77.0.11 >/dev/null",
    expect.stringMatching(/^node -n manager1 .*join-token.*joined$/),
    // What ran on the lost disk and is not in the state is run again.
    'import [["new"],["new","cluster1"],["old"]]',
    "remove manager2",
    expect.stringMatching(/^node -n manager1 docker node demote id2 .*docker node rm --force id2/),
    expect.stringMatching(/docker node rm --force id4/),
    "node -n manager1 docker service rm oldid",
  ]);
});

test("a machine that runs without its swarm is kept, and the only manager is not forced to lead", () => {
  const { status, done } = restore(["f", "--yes"], {
    managers: { manager1: 1 },
    manifest: { nodes: [{ manager: true }] },
  });
  expect(status).toBe(0);
  expect(done.filter((line) => /^(pulumi|setup)|--force-new-cluster/.test(line))).toEqual([]);
});
