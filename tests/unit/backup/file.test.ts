import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { repository } from "../../support/program";

const passphrase = "correct horse battery staple";
let folder: string;
let file: string;

/** Runs shell text where the parts of `./farm` about a backup's file are. */
function farm(text: string, env: Readonly<Record<string, string>> = {}) {
  const program = `
    set -euo pipefail
    REPO=${repository}
    . "$REPO/setup/say.sh"
    . "$REPO/setup/backup-file.sh"
    ${text}`;
  return spawnSync("bash", ["-c", program], {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, PULUMI_CONFIG_PASSPHRASE: passphrase, ...env },
    timeout: 50_000,
  });
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "backup-"));
  file = join(folder, "parts", "backup");
  const { status, stderr } = farm(`
    mkdir -p swarm/certificates parts
    echo key >swarm/certificates/swarm-node.key
    tar -c swarm | keep_part parts swarm.tar
    printf '%s\\n' 'INSERT INTO notes' '-- Dump completed on 2026-11-25' | keep_part parts mysql.sql
    write_backup parts '{"stack": "dev"}'`);
  expect([status, stderr]).toEqual([0, ""]);
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

const read = (path: string, env?: Readonly<Record<string, string>>) =>
  farm(`open_backup ${path}; manifest '.stack, (.parts | keys[])'; backup_part mysql.sql`, env);

/** The file with one thing else, and what is said of it. */
function refused(bytes: Buffer, env?: Readonly<Record<string, string>>): string {
  const other = join(folder, "other");
  writeFileSync(other, bytes);
  const { status, stdout, stderr } = read(other, env);
  expect([status, stdout]).toEqual([1, ""]);
  return stderr;
}

test("what was written is read again, and nothing of it is in the clear", () => {
  const { status, stdout } = read(file);
  expect([status, stdout]).toEqual([
    0,
    "dev\nmysql.sql\nswarm.tar\nINSERT INTO notes\n-- Dump completed on 2026-11-25\n",
  ]);
  const bytes = readFileSync(file, "latin1");
  expect(bytes).toMatch(/^swarm-farm backup 1 [0-9a-f]{64}\n/);
  expect(bytes).not.toMatch(/INSERT|swarm-node|"stack"/);
});

test("without ./farm it is a tar behind its first line", () => {
  const { stdout } = farm("tail -n +2 parts/backup | tar -t");
  expect(stdout).toBe("manifest.json.gpg\nmysql.sql.gpg\nswarm.tar.gpg\n");
});

test("a passphrase in a file is read as Pulumi reads it", () => {
  const secret = join(folder, "passphrase");
  writeFileSync(secret, `${passphrase}\n`);
  const { status } = farm(`unset PULUMI_CONFIG_PASSPHRASE; open_backup parts/backup`, {
    PULUMI_CONFIG_PASSPHRASE_FILE: secret,
  });
  expect(status).toBe(0);
});

test("no agent and no key ring is left behind", () => {
  const { stdout } = farm(`export TMPDIR=$PWD/temporary; mkdir temporary; open_backup parts/backup; ls -A temporary`);
  expect(stdout).toBe("");
  expect(existsSync(join(folder, "temporary"))).toBe(true);
});

describe("refuses", () => {
  const whole = () => readFileSync(file);

  test("a file that is not there", () => {
    expect(read("nowhere").stderr).toBe("farm: there is no file nowhere\n");
  });

  test.each([
    ["an empty file", () => Buffer.alloc(0)],
    ["a text", () => Buffer.from("CREATE TABLE notes\n")],
    ["another archive", () => Buffer.from([0x1f, 0x8b, 0, 0, 10, 0])],
  ])("%s", (_, bytes) => {
    expect(refused(bytes())).toMatch(/^farm: \S+ is no backup: \.\/farm backup writes one\n$/);
  });

  test("the file of a later version", () => {
    const later = Buffer.from(whole().toString("latin1").replace("backup 1", "backup 2"), "latin1");
    expect(refused(later)).toContain("is of another version of ./farm ('swarm-farm backup 2'");
  });

  test.each([0.02, 0.1, 0.5, 0.9, 0.999])("one whose byte at %p of its length is another", (at) => {
    const bytes = whole();
    const place = Math.floor(bytes.length * at);
    bytes[place] = (bytes[place] ?? 0) ^ 1;
    expect(refused(bytes)).toMatch(/^farm: \S+ is (damaged, its checksum|no backup)/);
  });

  test.each([100, 1000, statSize])("one that was cut off after %p bytes", (length) => {
    const kept = typeof length === "number" ? length : length() - 1;
    expect(refused(whole().subarray(0, kept))).toContain("is damaged, its checksum is not that of its first line");
  });

  test("another passphrase", () => {
    expect(refused(whole(), { PULUMI_CONFIG_PASSPHRASE: "guess" })).toMatch(
      /was encrypted with another passphrase than that in PULUMI_CONFIG_PASSPHRASE: put that one there\n$/,
    );
  });

  test.each(["", "\n"])("no passphrase: %j", (none) => {
    expect(refused(whole(), { PULUMI_CONFIG_PASSPHRASE: none })).toContain(
      "there is no passphrase in PULUMI_CONFIG_PASSPHRASE, and a backup holds secrets",
    );
  });

  test("a part of another backup, although all its checksums were made anew", () => {
    const { status, stderr } = farm(`
      cp -r parts mixed; rm mixed/backup mixed/mysql.sql.gpg
      echo '-- Dump completed' | keep_part mixed mysql.sql
      pack mixed mysql.sql swarm.tar >all
      { echo "swarm-farm backup 1 $(checksum <all)"; cat all; } >mixed/backup
      open_backup mixed/backup`);
    expect([status, stderr]).toEqual([1, "farm: mixed/backup is damaged: its mysql.sql is not what was written\n"]);
  });

  test.each([
    ["a dump that has no end", "mysql.sql", "echo INSERT"],
    ["a swarm without its key", "swarm.tar", "mkdir -p empty && tar -c empty"],
  ])("%s, as soon as it is written", (_, part, command) => {
    const { status, stderr } = farm(`
      rm -rf broken; mkdir broken
      { ${command}; } | keep_part broken ${part}
      write_backup broken '{}'
      open_backup broken/backup`);
    expect([status, stderr]).toEqual([1, `farm: broken/backup is damaged: its ${part} is not what was written\n`]);
  });
});

function statSize(): number {
  return statSync(file).size;
}
