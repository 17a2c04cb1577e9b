import { createHash } from "node:crypto";
import { join } from "node:path";
import { repository } from "../../../infra/images/content";
import { runWith } from "../../support/fake-programs";

const start = join(repository, "stacks", "lamp", "images", "mysql", "start");

/** A mysqld that says which version it is, and prints the SQL of its start. */
const mysqld = `case $* in
  *--version*) echo "mysqld  Ver 8.4.3 for Linux" ;;
  *--init-file*) cat "$here/scratch/init.sql" ;;
esac`;
/** The image's archive of an empty database. */
const archive = `mkdir -p empty/mysql; : >empty/ibdata1; : >empty/mysql.ibd; tar -C empty -czf empty.tar.gz .; rm -r empty
    export MYSQL_EMPTY=$PWD/empty.tar.gz`;

const database = "mkdir -p data/mysql; for f in ibdata1 mysql.ibd visits; do echo kept >data/$f; done";
const list = "ls -A data | sort | tr '\\n' ' '";

/** Runs the start on a folder that some commands made, and lists the folder afterwards. */
function startOn(made: string, programs: Record<string, string> = {}) {
  const script = `mkdir data scratch; echo secret >password; export MYSQL_DATA=$PWD/data MYSQL_SCRATCH=$PWD/scratch
    ${archive}
    export MYSQL_USER=app MYSQL_DATABASE=app MYSQL_PASSWORD_FILE=$PWD/password
    ${made}
    sh "$1"; code=$?; echo "left: $(${list})"; cat data/visits 2>/dev/null; exit $code`;
  return runWith(script, { mysqld, tar: 'exec /bin/tar "$@"', ...programs }, { args: [start] });
}

const again = `sh "$1" >/dev/null;`;
const unpacked = (calls: readonly string[]) => calls.filter((call) => call.startsWith("tar -xzf")).length;

test("an empty folder gets a database, and so does one with a file system's own lost+found", () => {
  for (const made of ["", "mkdir data/lost+found"]) {
    const { status, stdout } = startOn(made);
    expect(status).toBe(0);
    expect(stdout).toMatch(/left: ibdata1 (lost\+found )?mysql mysql\.ibd ready/);
    expect(stdout).toContain("RETAIN CURRENT PASSWORD");
  }
});

test("starts on and keeps the data of another image, or of a manual copy, also without the file 'ready'", () => {
  for (const made of [database, `${again} echo kept >data/visits; rm data/ready;`]) {
    const { status, stdout, calls } = startOn(made);
    expect(status).toBe(0);
    expect(stdout).toContain("kept");
    expect(stdout).toMatch(/left: .*ready visits/);
    expect(unpacked(calls)).toBe(made === database ? 0 : 1);
  }
});

test("restarts an interrupted initialization, and completes an interrupted move", () => {
  const cut = startOn(
    `head -c 90 empty.tar.gz >cut; MYSQL_EMPTY=$PWD/cut sh "$1" 2>/dev/null && exit 9; [ -d data/.initializing ] || exit 9;`,
  );
  expect([cut.status, unpacked(cut.calls)]).toEqual([0, 2]);
  const moving = startOn(
    "mkdir -p data/.initializing/mysql data/mysql; rmdir data/mysql; : >data/ibdata1; : >data/.initializing/mysql.ibd; : >data/.initializing/.whole;",
  );
  expect(moving.status).toBe(0);
  expect(unpacked(moving.calls)).toBe(0);
  for (const { stdout } of [cut, moving]) expect(stdout).toMatch(/left: ibdata1 mysql mysql\.ibd ready/);
});

test("refuses files that are not a database, says what to do, and deletes nothing", () => {
  const { status, stdout, stderr } = startOn("echo kept >data/visits; mkdir data/.initializing");
  expect([status, stdout]).toEqual([1, "left: .initializing visits \nkept\n"]);
  expect(stderr).toMatch(/has files and no whole MySQL data folder \(found: 'visits'.*nothing was deleted: .*restore/);
});

test("another owner, a full disk and newer data are refused, each with what to do", () => {
  const owner = startOn(database, { id: "echo 999" });
  expect(owner.stderr).toMatch(/belongs to uid \d+, and mysqld runs as uid 999; on the node: chown -R 999:999/);
  const df = "printf 'Filesystem 1M-blocks Used Available Capacity Mounted\\n/dev/vdb 2000 1993 7 99%% /x\\n'";
  expect(startOn(database, { df }).stderr).toMatch(/has 7 MiB free, and a start needs 16 MiB: free space/);
  expect(startOn("", { df }).stderr).toMatch(/has 7 MiB free, and a new database needs 256 MiB/);
  const history = `echo '{"upgrade_history":[{"version":"8.0.36"},{"date":"x","version":"9.1.0","maturity":"INNOVATION"}]}' >data/mysql_upgrade_history`;
  const newer = startOn(`${database}; ${history}`);
  expect(newer.stderr).toMatch(/is of MySQL 9\.1\.0, and this image has 8\.4\.3, .*set lamp\.mysql\.image/);
  for (const run of [owner, newer]) expect([run.status, run.stdout.includes("kept")]).toEqual([1, true]);
});

test("one statement sets a password and records which it is, and is left out where the user's record says the same", () => {
  const digest = (password: string) => createHash("sha256").update(`'${password}'`).digest("hex");
  const sql = (made: string) => startOn(made).stdout;
  expect(sql("")).toContain(`IDENTIFIED BY 'secret' ATTRIBUTE '{"password": "${digest("secret")}"}'`);
  // Nothing beside the database decides: a start that was interrupted says the same as the next.
  expect(sql(`${database}; echo x >data/password;`)).toBe(sql(`${database}; ${again}`));
  expect(sql(`${database}; printf "%s" "o't\\\\her" >password;`)).toContain(
    `QUOTE('o''t\\\\her'), ' RETAIN CURRENT PASSWORD ATTRIBUTE ', QUOTE('{"password": "${digest("o''t\\\\her")}"}')`,
  );
  expect(sql(database)).toContain(`JSON_UNQUOTE(JSON_EXTRACT(attribute, '$.password')) = '${digest("secret")}'`);
});
