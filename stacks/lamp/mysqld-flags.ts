/** The secret with the login of the exporter, as a file of its container. */
export const mysqldLogin = { file: "mysqld.cnf", path: "/run/secrets/mysqld.cnf" } as const;

/** Collectors that are on by default, and read tables that the site's user may not. */
const refused = [
  "slave_status",
  ...["innodb_cmp", "innodb_cmpmem", "query_response_time"].map((table) => `info_schema.${table}`),
];

/** Arguments of the mysqld exporter: status and variables of the server, which every user may read. */
export const mysqldFlags = [
  `--config.my-cnf=${mysqldLogin.path}`,
  ...refused.map((collector) => `--no-collect.${collector}`),
  "--log.level=warn",
];

/** The option file with the login of a user at the alias of mysql. A generated password has nothing to quote. */
export function mysqldOptions(user: string, password: string): string {
  return ["[client]", `user=${user}`, `password=${password}`, "host=mysql", "port=3306", ""].join("\n");
}
