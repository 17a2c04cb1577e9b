import { createHash } from "node:crypto";
import { upstreamStart } from "../../../stacks/lamp/mysql";
import { runWith } from "../../support/fake-programs";

const [, , start = ""] = upstreamStart;

/** Starts Docker Hub's image on a folder that some commands made; what the server is told comes out. */
function startOn(made: string) {
  const programs = { "docker-entrypoint.sh": 'cat "$here/scratch/init.sql" 2>/dev/null || true', chown: "" };
  const script = `mkdir data scratch; printf "%s" "it's" >password
    export MYSQL_DATA=$PWD/data MYSQL_SCRATCH=$PWD/scratch MYSQL_PASSWORD_FILE=$PWD/password; ${made} sh -c "$1"`;
  return runWith(script, programs, { args: [start] });
}

test("the first start is the image's own: it makes the user", () => {
  const { status, stdout, calls } = startOn("");
  expect([status, stdout, calls.at(-1)]).toEqual([0, "", "docker-entrypoint.sh mysqld"]);
});

test("a rotated password is set at the next start, with the previous one still valid, unless the user has it", () => {
  const { status, stdout, calls } = startOn("mkdir data/mysql; echo other >data/password;");
  expect(status).toBe(0);
  const digest = createHash("sha256").update("'it''s'").digest("hex");
  expect(stdout).toContain(`JSON_UNQUOTE(JSON_EXTRACT(attribute, '$.password')) = '${digest}'`);
  expect(stdout).toContain(
    `'ALTER USER ', QUOTE('app'), '@''%'' IDENTIFIED BY ', QUOTE('it''s'), ' RETAIN CURRENT PASSWORD ATTRIBUTE ', QUOTE('{"password": "${digest}"}')`,
  );
  expect(calls.at(-1)).toMatch(/^docker-entrypoint\.sh mysqld --init-file=.*init\.sql$/);
  // The record of farms before this one, which a start that was interrupted left wrong.
  expect(startOn("mkdir data/mysql; echo other >data/password;").stdout).toBe(startOn("mkdir data/mysql;").stdout);
});
