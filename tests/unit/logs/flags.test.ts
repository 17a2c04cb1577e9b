import { journalUrl, storeFlags, tasksFlags } from "../../../stacks/logs/flags";

/** Values of arguments by their names. */
const valuesOf = (flags: readonly string[]) =>
  Object.fromEntries(flags.map((flag) => flag.slice(1).split(/=(.*)/s, 2) as [string, string]));

test("the store keeps so many days, and so much, and leaves the disk some space", () => {
  expect(valuesOf(storeFlags({ retentionDays: 30, diskMiB: 4096 }))).toMatchObject({
    httpListenAddr: ":9428",
    storageDataPath: "/var/lib/victoria-logs",
    retentionPeriod: "30d",
    "retention.maxDiskSpaceUsageBytes": "4096MiB",
    "storage.minFreeDiskSpaceBytes": "256MiB",
  });
});

test("a sender reads the files of all containers, keeps a bounded amount, and sends it to the store", () => {
  expect(valuesOf(tasksFlags("/buffer"))).toMatchObject({
    tmpDataPath: "/buffer",
    "remoteWrite.url": "http://logs-store:9428/insert/native",
    "remoteWrite.maxDiskUsagePerURL": "513MiB",
    "fileCollector.glob": "/var/lib/docker/containers/*/*-json.log",
    "fileCollector.msgField": "log",
    "fileCollector.timeField": "time",
    "fileCollector.hostnameField": "node",
  });
});

test("the journal goes to the store's own protocol for it", () => {
  expect(journalUrl).toBe("http://logs-store:9428/insert/journald");
});
