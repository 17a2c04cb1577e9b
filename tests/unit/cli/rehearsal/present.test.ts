import { lastBackupFile, needMemory, presentSnapshots } from "../../../../cli/rehearsal/present";
import { FakeFarm } from "../../../support/fake-farm";
import { RehearsedFarm } from "../../../support/rehearsed-farm";

let farm: FakeFarm;

beforeEach(() => {
  farm = new RehearsedFarm();
});

afterEach(() => {
  farm.remove();
});

test("the last snapshots of all nodes, or one of them by its id or the beginning of it", async () => {
  const all = await presentSnapshots(farm.context());
  expect(all.missing).toEqual([]);
  expect(all.snapshots.map(({ node, kind, name, id }) => `${node}:${id} ${kind} ${name}`)).toEqual([
    "worker1:5e6f7a8b dump shop",
    "worker1:1a2b3c4d volume uploads",
  ]);
  for (const id of ["1a2b3c4d", "1a2b3c4dffff"])
    expect((await presentSnapshots(farm.context(), { node: "worker1", id })).snapshots).toMatchObject([
      { kind: "volume", name: "uploads", time: "2026-11-29T02:31:05Z" },
    ]);
});

test("the state of the swarm is one of them, and is none to rehearse alone", async () => {
  farm.remove();
  const answers = `farm:manager1:*backups\\ list) echo '[{"time":"2026-11-29T02:31:05.1Z","short_id":"aabbccdd","tags":["swarm:state"]}]' ;;`;
  farm = new RehearsedFarm({ answers });
  expect((await presentSnapshots(farm.context())).snapshots).toContainEqual({
    node: "manager1",
    kind: "swarm",
    name: "state",
    id: "aabbccdd",
    time: "2026-11-29T02:31:05Z",
  });
  await expect(presentSnapshots(farm.context(), { node: "manager1", id: "aabbccdd" })).rejects.toThrow(
    "manager1:aabbccdd is the state of the swarm: a rehearsal of all last backups reads it",
  );
});

test("a node, a snapshot or a farm that is not there is refused", async () => {
  const id = "00000000";
  await expect(presentSnapshots(farm.context(), { node: "worker9", id })).rejects.toThrow("no node 'worker9'");
  await expect(presentSnapshots(farm.context(), { node: "worker1", id })).rejects.toThrow(
    "there is no snapshot worker1:00000000: ./farm backup list",
  );
  await expect(presentSnapshots(farm.context({ stack: "shop" }))).rejects.toThrow("there is no farm 'shop'");
});

test("the newest file of this stack, by the date in its name", () => {
  expect(lastBackupFile(farm.context())).toBeUndefined();
  const folder = `${farm.folders.farms.slice(farm.home.length)}/backups`;
  for (const name of ["dev-2026-11-29T020000Z", "dev-2026-11-28T020000Z", "dev-2-2026-11-30T020000Z", "dev-x"])
    farm.write(`${folder}/${name}.backup`);
  expect(lastBackupFile(farm.context())).toBe(`${farm.folders.farms}/backups/dev-2026-11-29T020000Z.backup`);
});

test("too little memory beside the farm is refused, with both numbers", () => {
  const meminfo = "MemTotal:       24684000 kB\nMemAvailable:    3145728 kB\n";
  expect(() => {
    needMemory(2560, meminfo);
  }).not.toThrow();
  expect(() => {
    needMemory(2561, meminfo);
  }).toThrow("the rehearsal's nodes need 2561 MiB of memory and the machine 512, and 3072 MiB are available");
});
