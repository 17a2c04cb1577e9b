import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import type { Backup } from "../../../../cli/backup/backup-file";
import { isPart } from "../../../../cli/backup/manifest";
import { Mysql } from "../../../../cli/backup/mysql";
import { isWhole } from "../../../../cli/backup/parts";
import { passphraseOf, passphraseSource } from "../../../../cli/backup/passphrase";
import { newBackupFile } from "../../../../cli/backup/new-file";
import { sizeOf } from "../../../../cli/backup/size";
import { chain } from "../../../../cli/process/chain";
import { text } from "node:stream/consumers";
import { FakeFarm } from "../../../support/fake-farm";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "parts-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

const having = (content: string): Pick<Backup, "read"> => ({
  read: async (_, stages, sink) =>
    stages.length === 0 ? sink(Readable.from([Buffer.from(content)])) : chain(Readable.from([content]), stages, sink),
});

test.each([
  ["CREATE\n-- Dump completed on 2026-11-25\n", true],
  [`${"INSERT\n".repeat(2000)}-- Dump completed on 2026-11-25`, true],
  ["-- Dump completed\nINSERT", false],
  ["", false],
])("a dump is complete if its last line says so", async (content, whole) => {
  expect(await isWhole(having(content), "mysql.sql")).toBe(whole);
});

test("swarm.tar and mysql.sql are the parts of a backup", () => {
  expect(["swarm.tar", "mysql.sql", "registry.tar", "manifest.json"].map(isPart)).toEqual([true, true, false, false]);
});

describe("the passphrase", () => {
  const file = () => join(folder, "passphrase");

  test.each([
    ["variable", { PULUMI_CONFIG_PASSPHRASE: " kept " }, " kept "],
    ["variable before the file", { PULUMI_CONFIG_PASSPHRASE: "a", PULUMI_CONFIG_PASSPHRASE_FILE: "/nowhere" }, "a"],
  ])("comes from the %s", (_, environment, passphrase) => {
    expect(passphraseOf(environment)).toBe(passphrase);
    expect(passphraseSource(environment)).toBe("PULUMI_CONFIG_PASSPHRASE");
  });

  test("comes from the file, without the space around it", () => {
    writeFileSync(file(), "\n secret\n");
    const environment = { PULUMI_CONFIG_PASSPHRASE_FILE: file() };
    expect([passphraseOf(environment), passphraseSource(environment)]).toEqual(["secret", file()]);
  });

  test.each([{}, { PULUMI_CONFIG_PASSPHRASE: "" }, { PULUMI_CONFIG_PASSPHRASE_FILE: "/nowhere" }])(
    "is missing: %j",
    (environment) => {
      expect(() => passphraseOf(environment)).toThrow(/^there is no passphrase in \S+, and a backup holds secrets/);
    },
  );
});

describe("the path of a backup", () => {
  const at = new Date("2026-11-25T18:01:02.345Z");
  const backupFile = (to: string) => newBackupFile({ stack: "dev", folders: new FakeFolders() }, to, at);
  class FakeFolders {
    readonly cache = "/";
    readonly logs = "/";
    readonly config = "/";
    readonly farms = folder;
    readonly state = "/";
  }

  test("is a dated file in a folder, or the file as given", () => {
    expect(backupFile(folder)).toBe(join(folder, "dev-2026-11-25T180102Z.backup"));
    expect(backupFile(join(folder, "night"))).toBe(join(folder, "night"));
    expect(newBackupFile({ stack: "dev", folders: new FakeFolders() }, undefined, at)).toBe(
      join(folder, "backups", "dev-2026-11-25T180102Z.backup"),
    );
  });

  test("is refused if the file exists or its folder does not", () => {
    writeFileSync(join(folder, "night"), "");
    expect(() => backupFile(join(folder, "night"))).toThrow("is there already: name another file, or a folder");
    expect(() => backupFile(join(folder, "night", "x"))).toThrow("there is no folder");
    mkdirSync(join(folder, "in"));
    expect(() => backupFile(join(folder, "none", "x"))).toThrow(`there is no folder ${join(folder, "none")}`);
  });
});

test.each([
  [0, "0 B"],
  [1023, "1023 B"],
  [1024, "1.0 KiB"],
  [20_000, "20 KiB"],
  [1_500_000, "1.4 MiB"],
])("%i bytes are %s", (bytes, size) => {
  const file = join(folder, "file");
  writeFileSync(file, Buffer.alloc(bytes));
  expect(sizeOf(file)).toBe(size);
});

describe("mysql's client", () => {
  let farm: FakeFarm;

  beforeEach(() => {
    farm = new FakeFarm().built(["manager1"]);
  });

  afterEach(() => {
    farm.remove();
  });

  const listing = (line: string) => {
    farm.ssh(`case $node in any.manager) printf '%s\\n' '${line}' ;; *) cat; printf '%s' "$line" ;; esac`);
  };

  test.each(["worker1 lamp-mysql.1.abc Preparing 2 seconds ago", ""])(
    "is not found where no task runs: '%s'",
    async (line) => {
      listing(line);
      expect(await Mysql.find(farm.context())).toBeUndefined();
    },
  );

  test("runs in the task on its node, as the database user of the site", async () => {
    listing("worker1 lamp-mysql.1.abc Running 2 minutes ago");
    const mysql = await Mysql.find(farm.context());
    expect(mysql?.node).toBe("worker1");
    if (!mysql) return;
    const dump = await chain(undefined, [mysql.dump()], text);
    expect(dump).toMatch(
      /^docker exec -i lamp-mysql\.1\.abc sh -c '.*user=app.*' sh mysqldump --single-transaction .* app$/s,
    );
    const load = await chain(Readable.from(["INSERT"]), [mysql.load()], text);
    expect(load).toMatch(/^INSERTdocker exec -i .* sh mysql$/s);
  });
});
