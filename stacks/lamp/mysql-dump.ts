import { join } from "node:path";
import { scriptsIn } from "../../infra/remote/script";
import { shellQuote } from "../../infra/remote/shell";
import type { Dump } from "../contract/entries";

const scripts = scriptsIn(join(__dirname, "scripts"), { "mysql-client.sh": [] });

/** Arguments of a dump that is one transaction: a consistent copy while the database is used. */
export const mysqlDumpArguments = [
  ...["mysqldump", "--single-transaction", "--routines", "--events", "--hex-blob", "--no-tablespaces"],
  ...["--set-gtid-purged=OFF", "--databases", "--add-drop-database", "app"],
];

/**
 * Shell text for the task of mysql: runs a client program as the site's user.
 *
 * @param command the program and its arguments. Default: the arguments of the text itself
 */
export function mysqlClient(...command: readonly string[]): string {
  const script = scripts("mysql-client.sh", {});
  return command.length === 0 ? script : `set -- ${command.map(shellQuote).join(" ")}\n${script}`;
}

/** The database of the site. */
export const mysqlDump: Dump = {
  name: "mysql",
  service: "lamp-mysql",
  dump: mysqlClient(...mysqlDumpArguments),
  load: mysqlClient("mysql"),
};
