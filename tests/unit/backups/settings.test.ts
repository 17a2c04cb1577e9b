import { spawnSync } from "node:child_process";
import { clearProblems } from "../../../stacks/contract/credentials";
import { backups } from "../../../stacks/backups/index";
import { limitHoursOf, settings } from "../../../stacks/backups/install";
import { repositoriesOf } from "../../../stacks/backups/repositories";
import { rules } from "../../../stacks/backups/rules";
import { Backups } from "../../../stacks/backups/schema";
import { parseConfig } from "../../../stacks/config";
import { mysqlDump } from "../../../stacks/lamp/mysql-dump";
import { withStacks } from "../../support/configs";
import { sshKeyPair } from "../../support/sftp-server";

const s3 = { endpoint: "https://s3.example.com", bucket: "farm-backups", accessKey: "id", secretKey: "key" };

test("a target is enough where lamp is: every day, a week of days, and the database", () => {
  expect(Backups.parse({ to: { folder: "/mnt/backups" } })).toEqual({
    schedule: "02:30",
    to: { folder: "/mnt/backups" },
    keep: { daily: 7, weekly: 4, monthly: 6 },
    volumes: [],
    dumps: {},
    readOnly: false,
  });
  expect(() => parseConfig(withStacks({ backups: { to: { folder: "/mnt/backups" } } }))).not.toThrow();
});

test.each([
  [{}, "to"],
  [{ to: { folder: "/" } }, "to.folder"],
  [{ to: { folder: "/mnt/../etc" } }, "to.folder"],
  [{ to: { folder: "/mnt/backups", s3 } }, "to"],
  [{ to: { s3: { ...s3, endpoint: "s3.example.com" } } }, "to.s3.endpoint"],
  [{ to: { sftp: { host: "a.example", user: "u", privateKey: "key" } } }, "to"],
  [{ to: { folder: "/mnt/backups" }, schedule: "25:00" }, "schedule"],
  [{ to: { folder: "/mnt/backups" }, keep: { daily: 0, weekly: 0, monthly: 0 } }, "keep"],
  [{ to: { folder: "/mnt/backups" }, volumes: ["$(reboot)"] }, "volumes.0"],
  [{ to: { folder: "/mnt/backups" }, dumps: { "my-db": { service: "a", dump: "b", load: "c" } } }, "dumps.my-db"],
])("%j is refused at %s", (config, path) => {
  expect(Backups.safeParse(config).error?.issues.map((issue) => issue.path.join("."))).toEqual([path]);
});

test("the swarm's state alone is enough; a dump's name that another stack has is refused, and a volume that is to be copied in two ways", () => {
  const config = Backups.parse({ to: { folder: "/mnt/backups" } });
  expect(rules(undefined, { dumps: [] })).toEqual([]);
  expect(rules(config, { dumps: [] })).toEqual([]);
  expect(rules({ ...config, volumes: ["a", "a"] }, { dumps: [] })).toEqual([]);
  expect(rules({ ...config, volumes: ["a", { name: "a", copy: "paused" }] }, { dumps: [] })).toEqual([
    { path: "backups.volumes", message: "names 'a' with two ways to copy it; keep one" },
  ]);
  expect(rules(config, { dumps: [mysqlDump, mysqlDump] })).toEqual([
    { path: "backups.dumps.mysql", message: "is the name of another stack's dump; choose another, e.g. mysql_2" },
  ]);
});

test("keys in the clear are refused", () => {
  const config = Backups.parse({ to: { s3 }, password: "right-horse-battery" });
  const paths = (secrets: string[]) => backups.read?.(config, "/", secrets).problems.map(({ path }) => path);
  expect(paths([])).toEqual(["backups.to.s3.secretKey", "backups.password"]);
  expect(paths(["backups.to.s3.secretKey", "backups.password"])).toEqual([]);
  expect(clearProblems("a.b", ["a"])).toEqual([]);
  const { privateKey, publicKey: hostKey } = sshKeyPair();
  const toSftp = Backups.parse({ to: { sftp: { host: "a.example", user: "u", hostKey, privateKey } } });
  expect(backups.read?.(toSftp, "/", []).problems.map(({ path }) => path)).toEqual(["backups.to.sftp.privateKey"]);
});

test("repositories are in the folder, or in the bucket below the farm's name or a prefix", () => {
  expect(repositoriesOf({ folder: "/mnt/x" }, "dev")).toBe("/backups");
  expect(repositoriesOf({ s3 }, "dev")).toBe("s3:https://s3.example.com/farm-backups/dev");
  expect(repositoriesOf({ s3: { ...s3, prefix: "a/b" } }, "dev")).toBe("s3:https://s3.example.com/farm-backups/a/b");
});

test("a backup is old after 36 hours, or after 3 where there is one each hour, or as configured", () => {
  expect(limitHoursOf({ schedule: "02:30" })).toBe(36);
  expect(limitHoursOf({ schedule: "hourly" })).toBe(3);
  expect(limitHoursOf({ schedule: "hourly", limitHours: 9 })).toBe(9);
});

test("a volume is copied as it is, unless it has another way; how is settings only where there is one", () => {
  const of = (...volumes: readonly unknown[]) => {
    const config = Backups.parse({ to: { folder: "/mnt/x" }, volumes });
    const text = settings({ node: "worker1", ...config, dumps: [] });
    return text.split("\n").filter((line) => /^(VOLUMES|PAUSED|SNAPSHOT|SEAL)=/.test(line));
  };
  expect(of("bb", "aa", "bb")).toEqual(["VOLUMES='aa bb'"]);
  expect(of("bb", { name: "aa", copy: "paused" }, { name: "cc", copy: "snapshot" })).toEqual([
    "VOLUMES='aa bb cc'",
    "PAUSED=aa",
    "SNAPSHOT=cc",
  ]);
  expect(Backups.safeParse({ to: { folder: "/mnt/x" }, volumes: [{ name: "aa", copy: "stop" }] }).success).toBe(false);
});

test("the node's shell reads every command as it was written", () => {
  const dump = { name: "shop", service: "shop-db", dump: `echo "it's $HOME" \`x\`\n#`, load: "cat" };
  const text = settings({ node: "worker1", ...Backups.parse({ to: { folder: "/mnt/x" } }), dumps: [dump] });
  const { stdout } = spawnSync("sh", ["-c", `${text}printf %s "$dump_shop_dump"`], { encoding: "utf8" });
  expect(stdout).toBe(dump.dump);
});

test("mysql's dump runs its client with the site's login", () => {
  expect(mysqlDump.dump).toMatch(/^set -- mysqldump --single-transaction [^\n]* app\n/);
  expect(mysqlDump.load).toMatch(/^set -- mysql\n/);
});
