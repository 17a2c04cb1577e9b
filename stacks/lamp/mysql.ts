import type * as pulumi from "@pulumi/pulumi";
import type { Password } from "../../infra/keys/password";
import { secretFile } from "../../infra/service/files";
import { SwarmService } from "../../infra/service/service";
import type { Swarm } from "../../infra/swarm/swarm";

/** The user of the mysql image, and that of Debian's. */
export const mysqlUid = 999;

interface MysqlArgs {
  readonly swarm: Swarm;
  readonly image: pulumi.Input<string>;
  /** Whether it is the farm's own image, which knows the database's and the user's name. */
  readonly ours: boolean;
  readonly password: Password;
  readonly networkId: pulumi.Input<string>;
}

/**
 * The start of Docker Hub's image, as its arguments. At the first start its entrypoint makes the user; the init file is for
 * later ones, since the entrypoint gives its options to the server that makes the user too. The previous password stays
 * valid until the next change, as images/mysql/start has it. A service has one variable, so the script sets the others.
 */
export const upstreamStart = [
  "sh",
  "-c",
  `set -eu
export MYSQL_DATABASE=app MYSQL_USER=app MYSQL_RANDOM_ROOT_PASSWORD=yes
export MYSQL_PASSWORD_FILE="\${MYSQL_PASSWORD_FILE:-/run/secrets/mysql-password}"
data=\${MYSQL_DATA:-/var/lib/mysql}
init=\${MYSQL_SCRATCH:-/tmp}/init.sql
[ -d "$data/mysql" ] || exec docker-entrypoint.sh mysqld
umask 077
password=$(tr -d '\\n' <"$MYSQL_PASSWORD_FILE" | sed -e 's/\\\\/\\\\\\\\/g' -e "s/'/''/g" -e "s/^/'/" -e "s/\\$/'/")
sum=$(printf %s "$password" | sha256sum)
cat >"$init" <<SQL
CREATE DATABASE IF NOT EXISTS app;
CREATE USER IF NOT EXISTS 'app'@'%' IDENTIFIED BY $password;
GRANT ALL ON app.* TO 'app'@'%';
SQL
if [ ! -e "$data/password" ] || [ "$(cat "$data/password")" != "$sum" ]; then
  echo "ALTER USER 'app'@'%' IDENTIFIED BY $password RETAIN CURRENT PASSWORD;" >>"$init"
  echo "$sum" >"$data/password"
fi
[ "$(id -u)" != 0 ] || chown mysql: "$init" "$data/password"
exec docker-entrypoint.sh mysqld --init-file="$init"`,
];

/** The database: one task, where the label says its data lies. */
export function mysql(name: string, args: MysqlArgs, parent: pulumi.Resource): SwarmService {
  const { swarm, image, ours, password, networkId } = args;
  const secret = secretFile(
    `${name}-password`,
    { swarm, file: "mysql-password", uid: mysqlUid, value: password.value, version: password.version },
    parent,
  );
  return new SwarmService(
    name,
    {
      swarm,
      service: name,
      spec: {
        image,
        ...(ours ? {} : { args: upstreamStart }),
        mode: { replicas: 1 },
        placement: { constraints: ["node.labels.db == true"] },
        limits: { cpus: 1, memoryMiB: 512 },
        reservations: { cpus: 0.1, memoryMiB: 256 },
        networks: [{ id: networkId, aliases: ["mysql"] }],
        secrets: [secret],
        mounts: [
          { type: "volume", source: "mysql", target: "/var/lib/mysql" },
          { type: "tmpfs", target: "/tmp" },
          { type: "tmpfs", target: "/run/mysqld" },
        ],
        health: {
          command: ["mysqladmin", "--connect-timeout=3", "ping"],
          // The first start makes the data folder.
          startSeconds: 180,
        },
        // Two servers on one data folder would destroy it.
        update: { order: "stop-first" },
        stopSeconds: 60,
      },
    },
    { parent },
  );
}
