import { nodeFinding, parseDf, parsePool, poolFinding } from "../../../../cli/doctor/disk";

const header = "Filesystem     1024-blocks    Used Available Capacity Mounted on";
const root = "/dev/vda            8154588 7339129    815459      90% /";
const data = "/dev/vdb           10485760 1000000   9485760      10% /var/lib/docker";
const GiB = 1024 ** 3;

test("reports folders on one file system as one disk, and on two as two", () => {
  expect(parseDf([header, root, root].join("\n"))).toEqual([
    { path: "/", sizeBytes: 8_154_588 * 1024, freeBytes: 815_459 * 1024 },
  ]);
  expect(parseDf([header, root, data, ""].join("\n")).map(({ path }) => path)).toEqual(["/", "/var/lib/docker"]);
});

test("a node or host that prints nothing has no disks", () => {
  expect(parseDf("")).toEqual([]);
  expect(parsePool("", "/pool")).toEqual([]);
});

test("a pool has the capacity that libvirt reports", () => {
  const output =
    "Name:           swarm-farm-dev\nState:          running\nCapacity:       1000\nAllocation:     900\nAvailable:      100\n";
  expect(parsePool(output, "/pool")).toEqual([{ path: "/pool", sizeBytes: 1000, freeBytes: 100 }]);
});

test.each([
  [15, undefined],
  [14, "worker1: its disk is nearly full, 14 % (1433 MiB) of '/' free"],
  [1, "worker1: its disk is full, 1 % (102 MiB) of '/' free: it can pull no image and write no data"],
  [0, "worker1: its disk is full, 0 % (0 MiB) of '/' free: it can pull no image and write no data"],
])("a node with %i %% free: %s", (percent, what) => {
  const found = nodeFinding("worker1", { path: "/", sizeBytes: 10 * GiB, freeBytes: (percent * GiB) / 10 });
  expect(found.map((finding) => finding.what)).toEqual(what === undefined ? [] : [what]);
  for (const { byHand } of found) expect(byHand).toContain("./farm ssh worker1 docker image prune -af");
});

test("reports a pool that cannot grow, with hypervisor and path", () => {
  const [finding] = poolFinding("local", { path: "/pool", sizeBytes: 100 * GiB, freeBytes: GiB });
  expect(finding?.what).toContain("hosts.local: the disk of its pool /pool is nearly full, 1 % (1024 MiB) free");
  expect(poolFinding("local", { path: "/pool", sizeBytes: 100 * GiB, freeBytes: 15 * GiB })).toEqual([]);
});
