import { listSnapshots, parseSnapshot, restoreSnapshot } from "../../../../cli/backup/snapshots";
import { restore } from "../../../../cli/commands/restore";
import { FakeFarm, printed } from "../../../support/fake-farm";

let farm: FakeFarm;

beforeEach(() => {
  farm = new FakeFarm().built(["manager1"], ["worker1"]);
});

afterEach(() => {
  farm.remove();
});

const snapshot = { node: "worker1", id: "1a2b3c4d" };

test("a snapshot is a node and an id; a path is a file", () => {
  expect(parseSnapshot("worker1:1a2b3c4d")).toEqual(snapshot);
  for (const text of ["night.backup", "./worker1:1a2b3c4d", "worker1:", "worker1:xyz"])
    expect(parseSnapshot(text)).toBeUndefined();
});

test("the list has a line for each snapshot that counts, and the reason of a node that has none", async () => {
  const listed = [
    { time: "2026-11-29T02:31:05.123Z", short_id: "1a2b3c4d", tags: ["volume:uploads"] },
    { time: "2026-11-29T02:32:05.123Z", short_id: "5e6f7a8b", tags: ["dump:mysql", "unfinished"] },
  ];
  farm.ssh(`case $node in worker1) echo '${JSON.stringify(listed)}' ;; *) exit 127 ;; esac`);
  // A script reads the list alone: reasons are on standard error.
  expect(await printed(() => listSnapshots(farm.context()))).toBe(
    "worker1:1a2b3c4d  2026-11-29T02:31:05Z  volume:uploads\n",
  );
  expect(farm.printed).toContain("manager1: it has no backups: add swarm-farm:backups to the configuration");
});

test("the repository of a node that is away is listed by one that answers", async () => {
  const listed = JSON.stringify([{ time: "2026-11-29T02:31:05.123Z", short_id: "1a2b3c4d", tags: ["swarm:state"] }]);
  farm.ssh(`case $node:$line in
    manager1:*) echo 'no route to host' >&2; exit 255 ;;
    *'list manager1') echo '${listed}' ;;
    *) echo 'the target has no repository of worker1 yet' >&2; exit 1 ;;
  esac`);
  expect(await printed(() => listSnapshots(farm.context()))).toBe(
    "manager1:1a2b3c4d  2026-11-29T02:31:05Z  swarm:state\n",
  );
  expect(farm.printed).toContain("manager1: no route to host");
  expect(farm.printed).toContain("worker1: the target has no repository of worker1 yet");
  expect(farm.printed).toContain("manager1: its repository, read by worker1");
});

test("a restore says what it overwrites, and without an answer does nothing", async () => {
  farm.ssh(`did "$node $line"; echo "volume uploads becomes what it was"`);
  await expect(restoreSnapshot(farm.context(), snapshot, { yes: false })).rejects.toThrow("nothing was done");
  expect(farm.printed).toContain("volume uploads becomes what it was");
  expect(farm.done).toEqual(["worker1 swarm-farm-backups tell 1a2b3c4d worker1"]);
});

test("with --yes it restores, to another node where that is named", async () => {
  farm.ssh(`did "$node $line"`);
  await restoreSnapshot(farm.context(), snapshot, { to: "manager1", yes: true });
  expect(farm.done).toEqual(["tell", "restore"].map((verb) => `manager1 swarm-farm-backups ${verb} 1a2b3c4d worker1`));
});

test("a node that refuses is the command's error, and so is one that the farm does not have", async () => {
  farm.ssh("echo 'volume uploads of worker1 is in use' >&2; exit 1");
  await expect(restoreSnapshot(farm.context(), snapshot, { yes: true })).rejects.toThrow(
    "volume uploads of worker1 is in use",
  );
  await expect(restoreSnapshot(farm.context(), snapshot, { to: "worker9", yes: true })).rejects.toThrow(
    "the farm has no node 'worker9'",
  );
});

test.each([
  [["worker1:1a2b3c4d", "mysql"], {}, "is a snapshot, which has no parts and no stack"],
  [["night.backup"], { to: "worker1" }, "--to is for snapshots of ./farm backup list"],
])("%j with %j is refused", async (args, options, message) => {
  await expect(restore.run(farm.context(), { arguments: args, options })).rejects.toThrow(message);
});
