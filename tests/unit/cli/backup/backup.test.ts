import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { backup } from "../../../../cli/backup/backup";
import { FakeFarm } from "../../../support/fake-farm";

jest.setTimeout(60_000);

let farm: FakeFarm;

interface Around {
  /** Output of a manager about all managers. */
  readonly managers?: string;
  readonly services?: string;
  readonly task?: string;
  /** The last line of the dump. */
  readonly end?: string;
}

beforeEach(() => {
  farm = new FakeFarm().built(["manager1", "manager2"]);
});

afterEach(() => {
  farm.remove();
});

function nodes(around: Around = {}): void {
  const {
    managers = "printf '%s\\n' 'Unreachable manager3' 'Leader manager2' 'Reachable manager1'",
    services = "id lamp-mysql",
    task = "worker1 lamp-mysql.1.abc Running 2 minutes ago",
    end = "-- Dump completed on 2026-11-25",
  } = around;
  farm.ssh(`case $node:$line in
    *role=manager*) ${managers} ;;
    manager1:*STOP*) cd "$here" && mkdir -p swarm/certificates && : >swarm/certificates/swarm-node.key && tar -c swarm ;;
    *'service ls'*) echo '${services}' ;;
    *'service ps'*) echo '${task}' ;;
    worker1:*mysqldump*) echo '${end}' ;;
    worker1:*COUNT*) echo 3 ;;
    manager1:*'docker info'*) echo '{"Swarm": {"Cluster": {"ID": "cluster1"}}, "ServerVersion": "26.1.5"}' ;;
    manager1:*'node ls'*) echo '{"Hostname": "manager1", "ID": "id1", "ManagerStatus": "Leader"}' ;;
    *) exit 9 ;;
  esac`);
}

/** Files that a run left in the folder of the backups, temporary ones too. */
const left = (folder: string) => (existsSync(folder) ? readdirSync(folder) : []);

test("writes one file that only its owner can read, and prints its parts and how to restore it", async () => {
  nodes();
  await backup(farm.context(), undefined);
  const folder = join(farm.folders.farms, "backups");
  const [name = "", ...others] = left(folder);
  const file = join(folder, name);
  expect(others).toEqual([]);
  expect(name).toMatch(/^dev-\d{4}-\d\d-\d\dT\d{6}Z\.backup$/);
  expect([statSync(file).mode & 0o777, statSync(folder).mode & 0o777]).toEqual([0o600, 0o700]);
  expect(farm.printed).toMatch(/✓ swarm state +of manager1/);
  expect(farm.printed).toMatch(/✓ mysql +database app of worker1, tables: 3 · \d+ B /);
  expect(farm.printed).toMatch(
    /✓ backup file +[\d.]+ KiB, encrypted, read back · passphrase: PULUMI_CONFIG_PASSPHRASE/,
  );
  expect(farm.printed).toContain(`\n${file}\nto restore: ./farm restore ${file}\n`);
});

test("writes to a file or into a folder, and without lamp backs up the swarm alone", async () => {
  nodes({ services: "" });
  const folder = join(farm.home, "mine");
  mkdirSync(folder);
  await backup(farm.context(), join(folder, "night.backup"));
  await backup(farm.context(), folder);
  expect(left(folder)).toEqual([expect.stringMatching(/^dev-.*\.backup$/), "night.backup"]);
  expect(farm.printed).toMatch(/✓ mysql +none: lamp is not deployed/);
});

describe("fails and writes nothing for", () => {
  test.each<[string, string, Around, string]>([
    ["a folder that does not exist", "/nowhere/x", {}, "/nowhere/x: there is no folder /nowhere"],
    ["managers that do not answer", "x", { managers: "exit 255" }, "no manager of the swarm answers: ./farm doctor"],
    [
      "mysql that does not run",
      "x",
      { task: "worker1 lamp-mysql.1.abc Preparing 2 seconds ago" },
      "mysql does not run: ./farm docker service ps --no-trunc lamp-mysql",
    ],
    ["a dump that was cut off", "x", { end: "INSERT" }, "is damaged: its mysql.sql is not what was written"],
  ])("%s", async (_, to, around, message) => {
    nodes(around);
    const folder = join(farm.home, "mine");
    mkdirSync(folder);
    await expect(backup(farm.context(), resolve(folder, to))).rejects.toThrow(message);
    expect(left(folder)).toEqual([]);
  });

  test("a file that exists", async () => {
    const file = join(farm.home, "here");
    writeFileSync(file, "mine");
    await expect(backup(farm.context(), file)).rejects.toThrow(
      `${file} is there already: name another file, or a folder`,
    );
  });

  test("a missing passphrase", async () => {
    const environment = { PULUMI_CONFIG_PASSPHRASE_FILE: "/nowhere" };
    await expect(backup(farm.context({ environment }), undefined)).rejects.toThrow(
      "there is no passphrase in /nowhere,",
    );
  });

  test("a farm that does not exist", async () => {
    const none = new FakeFarm().built([]);
    try {
      await expect(backup(none.context(), undefined)).rejects.toThrow("there is no farm 'dev' to back up: ./farm up");
    } finally {
      none.remove();
    }
  });
});
