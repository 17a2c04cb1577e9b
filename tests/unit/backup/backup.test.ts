import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { repository } from "../../support/program";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "backup-"));
  mkdirSync(join(folder, "dev", "ssh"), { recursive: true });
  writeFileSync(join(folder, "dev", "ssh", "managers"), "manager1=10.77.0.11\n");
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

interface FakeFarm {
  /** Shell that stands for a manager that answers. */
  readonly manager?: string;
  /** What the swarm's services are, and the task of mysql. */
  readonly services?: string;
  readonly mysql?: string;
  /** The last line of the dump. */
  readonly end?: string;
  readonly passphrase?: string;
}

/** `./farm backup` of a farm with two nodes. */
function backup(args: readonly string[], farm: FakeFarm = {}) {
  const {
    manager = "printf '%s\\n' 'Unreachable manager3' 'Leader manager2' 'Reachable manager1'",
    services = "id lamp-mysql",
    mysql = "worker1 lamp-mysql.1.abc Running",
  } = farm;
  const program = `
    set -euo pipefail
    REPO=${repository} FARM_STACK=dev FARM_STATE=${folder} FARM_HOME=${folder}/dev FARM_LOGS=${folder}/dev/logs
    for part in say mysql backup-file backup; do . "$REPO/setup/$part.sh"; done
    unlock_stack() { :; }
    write_ssh_files() { :; }
    manager_says() { ${manager}; }
    farm_node() {
      case "$*" in
        *"-n manager1"*STOP*) mkdir -p ${folder}/dev/swarm/certificates; touch ${folder}/dev/swarm/certificates/swarm-node.key; tar -c -C ${folder}/dev swarm ;;
        *"service ls"*) echo "${services}" ;;
        *"service ps"*) echo "${mysql}" ;;
        *mysqldump*) echo "${farm.end ?? "-- Dump completed on 2026-11-25"}" ;;
        *COUNT*) echo 3 ;;
        *"docker info"*) echo '{"Swarm": {"Cluster": {"ID": "cluster1"}}, "ServerVersion": "26.1.5"}' ;;
        *"node ls"*) echo '{"Hostname": "manager1", "ID": "id1", "ManagerStatus": "Leader"}' ;;
      esac
    }
    cd ${folder}
    farm_backup "$@"`;
  const env = { ...process.env, PULUMI_CONFIG_PASSPHRASE: farm.passphrase ?? "correct horse" };
  const { status, stderr } = spawnSync("bash", ["-c", program, "farm", ...args], {
    encoding: "utf8",
    env,
    timeout: 50_000,
  });
  return { status, said: stderr };
}

/** Every file that a run left, its temporary ones too. */
const left = () => readdirSync(folder).filter((name) => name !== "dev");

test("writes one file that only its owner reads, and says what is in it and how it is restored", () => {
  const { status, said } = backup([]);
  const [name = ""] = readdirSync(join(folder, "backups"));
  const path = join(folder, "backups", name);
  expect(name).toMatch(/^dev-\d{4}-\d\d-\d\dT\d{6}Z\.backup$/);
  expect([status, statSync(path).mode & 0o777, statSync(join(folder, "backups")).mode & 0o777]).toEqual([
    0, 0o600, 0o700,
  ]);
  expect(said).toMatch(/✓ swarm state +of manager1/);
  expect(said).toMatch(/✓ mysql +database app of worker1, tables: 3 · \d+B /);
  expect(said).toMatch(/✓ backup file +\S+, encrypted, read back · passphrase: PULUMI_CONFIG_PASSPHRASE/);
  expect(said).toContain(`\n${path}\nto restore: ./farm restore ${path}\n`);
  expect(readdirSync(join(folder, "backups"))).toEqual([name]);
});

test.each([
  ["night.backup", /^night\.backup$/],
  [".", /^dev-.*\.backup$/],
])("to %s", (to, name) => {
  expect(backup([to]).status).toBe(0);
  expect(left()).toEqual([expect.stringMatching(name)]);
});

test("without lamp it is the swarm alone", () => {
  const { status, said } = backup(["x"], { services: "" });
  expect(status).toBe(0);
  expect(said).toMatch(/✓ mysql +none: lamp is not deployed/);
});

describe("writes nothing, and says why", () => {
  test.each<[string, readonly string[], FakeFarm, string]>([
    ["two names", ["a", "b"], {}, "./farm backup takes one file or folder, or nothing"],
    ["a folder that is not there", ["none/x"], {}, "none/x: there is no folder none"],
    ["a file that is there", ["dev/ssh/managers"], {}, "dev/ssh/managers is there already"],
    ["no passphrase", ["x"], { passphrase: "" }, "there is no passphrase in PULUMI_CONFIG_PASSPHRASE"],
    ["no manager that answers", ["x"], { manager: "false" }, "no manager of the swarm answers: ./farm doctor"],
    [
      "mysql that does not run",
      ["x"],
      { mysql: "worker1 lamp-mysql.1.abc Preparing" },
      "it does not run: ./farm docker service ps --no-trunc lamp-mysql",
    ],
    ["a dump that was cut off", ["x"], { end: "INSERT" }, "is damaged: its mysql.sql is not what was written"],
  ])("%s", (_, args, farm, message) => {
    const { status, said } = backup(args, farm);
    expect(status).toBe(1);
    expect(said).toContain(message);
    expect(left()).toEqual([]);
  });

  test("a farm that is not there", () => {
    rmSync(join(folder, "dev", "ssh", "managers"));
    expect(backup(["x"]).said).toBe("farm: there is no farm 'dev' to back up: ./farm up builds it\n");
    expect(existsSync(join(folder, "x"))).toBe(false);
  });
});
