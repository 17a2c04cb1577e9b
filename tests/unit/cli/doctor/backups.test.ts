import { backupFindings, parseBackup } from "../../../../cli/doctor/backups";
import { FakeFarm } from "../../../support/fake-farm";

let farm: FakeFarm;

beforeEach(() => {
  farm = new FakeFarm().built(["manager1"], ["worker1"]);
});

afterEach(() => {
  farm.remove();
});

const now = 1_800_000_000;
const hour = 3600;

/** The findings of `doctor` for a status that a node prints. */
async function saidOf(
  status: Readonly<Record<string, string | number>>,
  ...more: readonly string[]
): Promise<string[]> {
  const lines = Object.entries({ now, limit: 36 * hour, installed: now - 90 * 24 * hour, ...status }).map(
    ([key, value]) => `${key}=${String(value)}`,
  );
  farm.ssh(
    `case $node in worker1) printf '%s\\n' ${[...lines, ...more].map((line) => `'${line}'`).join(" ")} ;; *) exit 127 ;; esac`,
  );
  return (await backupFindings(farm.context(), ["manager1", "worker1"])).map(({ what }) => what);
}

test("a backup of last night is no finding", async () => {
  expect(await saidOf({ success: now - 20 * hour, ended: now, failure: "" })).toEqual([]);
});

test("an old one is, with its age and the limit", async () => {
  expect(await saidOf({ success: now - 49 * hour, failure: "" })).toEqual([
    "worker1: its last backup is 49 h old, more than 36 h",
  ]);
});

test("a node without any has time for the first", async () => {
  expect(await saidOf({ installed: now - 20 * hour })).toEqual([]);
  expect(await saidOf({ installed: now - 50 * hour })).toEqual(["worker1: has no backup since 50 h, more than 36 h"]);
});

test("a failed one is, with its reason, and how to run it again", async () => {
  expect(await saidOf({ success: now, failure: "the target is full: a=b" })).toEqual([
    "worker1: its last backup failed: the target is full: a=b",
  ]);
  const [finding] = await backupFindings(farm.context(), ["worker1"]);
  expect(finding?.byHand).toBe("./farm ssh worker1 systemctl start swarm-farm-backups runs it again");
});

test("one of the future is, since the clock jumped", async () => {
  expect(await saidOf({ success: now + hour, failure: "" })).toEqual(["worker1: its last backup is of the future"]);
});

test("a volume that no node has, and a dump whose service did not run, are findings once every node ran", async () => {
  const wants = ["wants=volume:uplaods", "wants=volume:uploads", "wants=dump:mysql"];
  expect(await saidOf({ success: now, failure: "" }, ...wants)).toEqual([]);
  expect(await saidOf({ success: now, began: now, failure: "" }, ...wants, "has=volume:uploads")).toEqual([
    "backups: the dump 'mysql' was not made, since its service had no running task",
    "backups: no node has a volume 'uplaods'",
  ]);
});

test("a run under earlier settings is no reason to miss what they did not name", async () => {
  const wants = ["wants=swarm:state", "wants=volume:new"];
  expect(
    await saidOf({ installed: now - 10, success: now, began: now - 20, ended: now, failure: "" }, ...wants),
  ).toEqual([]);
  expect(
    await saidOf({ installed: now - 20, success: now, began: now - 10, ended: now, failure: "" }, ...wants),
  ).toEqual(["backups: no manager has copied the state of the swarm", "backups: no node has a volume 'new'"]);
});

test("before the first run a node's status has no end", () => {
  expect(parseBackup("worker1", "now=5\nlimit=3600\ninstalled=4\n")).toEqual({
    node: "worker1",
    now: 5,
    limit: 3600,
    installed: 4,
    success: 0,
    failure: "",
    wants: [],
    has: undefined,
  });
});
