import { join } from "node:path";
import type * as pulumi from "@pulumi/pulumi";
import type { Password } from "../../infra/keys/password";
import { scriptText } from "../../infra/remote/script";
import { farmService } from "../../infra/service/farm-service";
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

/** The start script of Docker Hub's image, as its arguments. */
export const upstreamStart = ["sh", "-c", scriptText(join(__dirname, "upstream-start.sh"))];

/** The database: one task, on the node whose label says that it has the data. */
export function mysql(name: string, args: MysqlArgs, parent: pulumi.Resource): SwarmService {
  const { swarm, image, ours, password, networkId } = args;
  const secret = secretFile(
    `${name}-password`,
    { swarm, file: "mysql-password", uid: mysqlUid, value: password.value, version: password.version },
    parent,
  );
  return new SwarmService(
    name,
    farmService({
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
          // The first start of Docker Hub's image creates the data folder, which took an emulated node of a busy machine 7 min. A
          // start that is taken for unhealthy is repeated from nothing.
          startSeconds: 900,
        },
        // Two servers on one data folder would destroy it.
        update: { order: "stop-first" },
        stopGraceSeconds: 60,
      },
    }),
    { parent },
  );
}
