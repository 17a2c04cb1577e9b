import type * as pulumi from "@pulumi/pulumi";
import type { Password } from "../../infra/keys/password";
import { farmService, type FarmServiceSpec } from "../../infra/service/farm-service";
import { secretFile } from "../../infra/service/files";
import { answersHttp } from "../../infra/service/health";
import { SwarmService } from "../../infra/service/service";
import type { NetworkUse } from "../../infra/service/spec/networks";
import type { Swarm } from "../../infra/swarm/swarm";
import { nobody } from "../contract/docker-socket";
import { exporterSizes } from "../contract/exporter-service";
import { exporters } from "./metrics";
import { mysqldFlags, mysqldLogin, mysqldOptions } from "./mysqld-flags";
import { statusPort } from "./php-status";

interface ExporterArgs {
  readonly swarm: Swarm;
  readonly image: pulumi.Input<string>;
  /** That of its subject, and that of Prometheus. */
  readonly networks: readonly NetworkUse[];
  /** The service that it asks. */
  readonly of: pulumi.Resource;
}

interface MysqlExporterArgs extends ExporterArgs {
  /** Of the site's user. */
  readonly password: Password;
}

const uid = 65534;

/**
 * The mysqld exporter. It logs in as the site's user: another user can only be created while mysql starts, and monitoring restarts no
 * database.
 */
export function mysqlExporter(name: string, args: MysqlExporterArgs, parent: pulumi.Resource): SwarmService {
  const { swarm, password } = args;
  const value = password.value.apply((text) => mysqldOptions("app", text));
  const { version } = password;
  const its = {
    args: mysqldFlags,
    secrets: [secretFile(`${name}-login`, { swarm, file: mysqldLogin.file, uid, value, version }, parent)],
    health: answersHttp(exporters.mysql.port, "/"),
  };
  return exporter(name, { ...args, its }, parent);
}

/** The farm's exporter, which asks each task of php for its status by FastCGI. */
export function phpExporter(name: string, args: ExporterArgs, parent: pulumi.Resource): SwarmService {
  const its = {
    args: [`-php=tasks.php:${String(statusPort)}`],
    health: { command: ["/bin/exporter", "-check"] },
  };
  return exporter(name, { ...args, its }, parent);
}

/** One that starts after its subject: mysql's gets a new password after mysql. */
function exporter(
  name: string,
  args: ExporterArgs & { readonly its: Pick<FarmServiceSpec, "args" | "secrets" | "health"> },
  parent: pulumi.Resource,
): SwarmService {
  const { swarm, image, networks, of, its } = args;
  return new SwarmService(
    name,
    farmService({
      swarm,
      service: name,
      after: [of],
      spec: {
        ...its,
        limits: exporterSizes.limits,
        reservations: exporterSizes.reservations,
        image,
        mode: { replicas: 1 },
        user: nobody,
        networks,
        update: { order: "start-first" },
      },
    }),
    { parent },
  );
}
