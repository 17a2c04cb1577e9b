import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { Archive, keepPart, packArchive } from "../../../../cli/backup/archive";
import type { Manifest, PartName } from "../../../../cli/backup/manifest";

const context = { environment: { PULUMI_CONFIG_PASSPHRASE: "correct horse battery staple" } };
const manifest: Manifest = {
  stack: "dev",
  date: "2026-11-25T18:00:00Z",
  node: "manager1",
  nodes: [{ name: "manager1", id: "id1", manager: true }],
  cluster: "cluster1",
  docker: "26.1.5",
};
const dump = "INSERT INTO notes\n-- Dump completed on 2026-11-25\n";

jest.setTimeout(60_000);

let folder: string;
let file: string;
let former: string;

/** Writes the parts in the clear. */
function parts(name: string): string {
  const into = join(folder, name);
  mkdirSync(join(into, "swarm", "certificates"), { recursive: true });
  writeFileSync(join(into, "swarm", "certificates", "swarm-node.key"), "key\n");
  spawnSync("tar", ["-c", "-f", join(into, "swarm.tar"), "-C", into, "swarm"]);
  writeFileSync(join(into, "mysql.sql"), dump);
  return into;
}

function version1(...args: readonly string[]) {
  const env = { ...process.env, ...context.environment };
  return spawnSync(join(__dirname, "version-1.sh"), args, { encoding: "utf8", env });
}

/** Encrypts a text as a part, and packs it with others. */
async function written(name: string, contents: Partial<Record<PartName, string>>): Promise<string> {
  const into = join(folder, name);
  mkdirSync(into);
  const names = Object.keys(contents) as PartName[];
  for (const part of names) await keepPart(context, into, part, { argv: ["printf", "%s", contents[part] ?? ""] });
  await packArchive(context, into, names, manifest, join(into, "backup"));
  return join(into, "backup");
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "archive-"));
  const into = parts("new");
  for (const part of ["swarm.tar", "mysql.sql"] as const)
    await keepPart(context, into, part, { argv: ["cat", join(into, part)] });
  file = join(into, "backup");
  await packArchive(context, into, ["swarm.tar", "mysql.sql"], manifest, file);
  const old = parts("old");
  expect(version1("write", old, JSON.stringify(manifest))).toMatchObject({ status: 0, stderr: "" });
  former = join(old, "backup");
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

test("an archive is read back as it was written, encrypts every part and is readable by its owner alone", async () => {
  const archive = await Archive.open(context, file);
  expect(archive.manifest).toMatchObject(manifest);
  expect([archive.has("swarm.tar"), archive.has("mysql.sql")]).toEqual([true, true]);
  await expect(archive.read("mysql.sql", [], text)).resolves.toBe(dump);
  const bytes = readFileSync(file, "latin1");
  expect(bytes).toMatch(/^swarm-farm backup 1 [0-9a-f]{64}\n/);
  expect(bytes).not.toMatch(/INSERT|swarm-node|"stack"/);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test("reads a backup that version 1 in bash wrote", async () => {
  const archive = await Archive.open(context, former);
  expect(archive.manifest).toMatchObject(manifest);
  await expect(archive.read("mysql.sql", [], text)).resolves.toBe(dump);
});

test("version 1 in bash, and tar and gpg alone, read a new backup", () => {
  expect(version1("read", file, "mysql.sql")).toMatchObject({ status: 0, stdout: dump });
  const read = version1("read", file, "manifest.json").stdout;
  expect(JSON.parse(read)).toMatchObject(manifest);
  const list = spawnSync("sh", ["-c", 'tail -n +2 "$0" | tar -t', file], { encoding: "utf8" });
  expect(list.stdout).toBe("manifest.json.gpg\nmysql.sql.gpg\nswarm.tar.gpg\n");
});

test("a passphrase in a file is trimmed as Pulumi trims it", async () => {
  const secret = join(folder, "passphrase");
  writeFileSync(secret, `  ${context.environment.PULUMI_CONFIG_PASSPHRASE}\n`);
  const environment = { PULUMI_CONFIG_PASSPHRASE_FILE: secret };
  await expect(Archive.open({ environment }, file)).resolves.toBeInstanceOf(Archive);
});

test("leaves no gpg agent and no key ring behind", async () => {
  const temporary = join(folder, "temporary");
  mkdirSync(temporary);
  const before = process.env.TMPDIR;
  process.env.TMPDIR = temporary;
  await Archive.open(context, file);
  if (before === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = before;
  expect(readdirSync(temporary)).toEqual([]);
});

describe("refuses", () => {
  /** Messages for other bytes instead of the file. */
  async function refusal(bytes: Buffer, passphrase = context.environment.PULUMI_CONFIG_PASSPHRASE): Promise<string> {
    const other = join(folder, "other");
    writeFileSync(other, bytes);
    const opened = Archive.open({ environment: { PULUMI_CONFIG_PASSPHRASE: passphrase } }, other);
    return opened.then(
      () => "",
      (error: unknown) => (error instanceof Error ? error.message : ""),
    );
  }

  test("a file that does not exist", async () => {
    await expect(Archive.open(context, "nowhere")).rejects.toThrow("there is no file nowhere");
  });

  test.each([
    ["an empty file", Buffer.alloc(0)],
    ["a text", Buffer.from("CREATE TABLE notes\n")],
    ["another archive", Buffer.from([0x1f, 0x8b, 0, 0, 10, 0])],
  ])("%s", async (_, bytes) => {
    expect(await refusal(bytes)).toMatch(/^\S+ is no backup: \.\/farm backup writes one$/);
  });

  test("a file of a later version", async () => {
    const later = readFileSync(file, "latin1").replace("backup 1", "backup 2");
    const message = await refusal(Buffer.from(later, "latin1"));
    expect(message).toContain("is of another version of ./farm ('swarm-farm backup 2', this one reads");
  });

  test.each([0.02, 0.1, 0.5, 0.9, 0.999])("a file with one changed byte at %p of its length", async (at) => {
    const bytes = readFileSync(file);
    const offset = Math.floor(bytes.length * at);
    bytes[offset] = (bytes[offset] ?? 0) ^ 1;
    expect(await refusal(bytes)).toMatch(/^\S+ is (damaged, its checksum|no backup)/);
  });

  test.each([100, 1000, -1])("a file that is cut off at %p", async (end) => {
    expect(await refusal(readFileSync(file).subarray(0, end))).toContain(
      "is damaged, its checksum is not that of its first line: take another copy of it",
    );
  });

  test("a wrong passphrase, and an empty one", async () => {
    expect(await refusal(readFileSync(file), "guess")).toMatch(
      /was encrypted with another passphrase than that in PULUMI_CONFIG_PASSPHRASE: put that one there$/,
    );
    for (const none of ["", "\n"])
      expect(await refusal(readFileSync(file), none)).toMatch(/^there is no passphrase in PULUMI_CONFIG_PASSPHRASE,/);
  });

  test("a part of another backup, although the checksum of the file is right", async () => {
    const mixed = join(folder, "mixed");
    mkdirSync(mixed);
    for (const part of ["manifest.json", "swarm.tar"])
      copyFileSync(join(folder, "new", `${part}.gpg`), join(mixed, `${part}.gpg`));
    await keepPart(context, mixed, "mysql.sql", { argv: ["echo", "-- Dump completed"] });
    const pack = `cd "$0" && tar -c manifest.json.gpg mysql.sql.gpg swarm.tar.gpg >all &&
      { echo "swarm-farm backup 1 $(sha256sum <all | cut -d ' ' -f 1)"; cat all; } >backup`;
    spawnSync("sh", ["-c", pack, mixed]);
    await expect(Archive.open(context, join(mixed, "backup"))).rejects.toThrow(
      "is damaged: its mysql.sql is not what was written",
    );
  });

  test("a dump without its last line and a swarm state without its key, when they are written", async () => {
    const cut = await written("cut", { "mysql.sql": "INSERT" });
    await expect(Archive.open(context, cut)).rejects.toThrow("is damaged: its mysql.sql is not what was written");
    const keyless = await written("keyless", { "swarm.tar": "no tar" });
    await expect(Archive.open(context, keyless)).rejects.toThrow("is damaged: its swarm.tar is not what was written");
  });
});
