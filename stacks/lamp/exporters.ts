import type * as pulumi from "@pulumi/pulumi";
import type { Password } from "../../infra/keys/password";
import { farmService } from "../../infra/service/farm-service";
import { secretFile } from "../../infra/service/files";
import { answersHttp } from "../../infra/service/health";
import { SwarmService } from "../../infra/service/service";
import type { NetworkUse } from "../../infra/service/spec/networks";
import type { Swarm } from "../../infra/swarm/swarm";
import { nobody } from "../contract/docker-socket";
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

/** Sizes of an exporter, which only answers scrapes; mysql's used 18 MiB. */
const exporterLimits = { cpus: 0.25, memoryMiB: 48 };
const exporterReservations = { cpus: 0.02, memoryMiB: 12 };

const uid = 65534;

/**
 * The mysqld exporter. It logs in as the site's user: another user can only be created while mysql starts, and monitoring restarts no
 * database.
 */
export function mysqlExporter(name: string, args: MysqlExporterArgs, parent: pulumi.Resource): SwarmService {
  const { swarm, image, networks, of, password } = args;
  const value = password.value.apply((text) => mysqldOptions("app", text));
  const { version } = password;
  return new SwarmService(
    name,
    farmService({
      swarm,
      service: name,
      // It gets a new password after mysql.
      after: [of],
      spec: {
        image,
        args: mysqldFlags,
        mode: { replicas: 1 },
        limits: exporterLimits,
        reservations: exporterReservations,
        user: nobody,
        networks,
        secrets: [secretFile(`${name}-login`, { swarm, file: mysqldLogin.file, uid, value, version }, parent)],
        health: answersHttp(exporters.mysql.port, "/"),
        update: { order: "start-first" },
      },
    }),
    { parent },
  );
}

/** The farm's exporter, which asks each task of php for its status by FastCGI. */
export function phpExporter(name: string, args: ExporterArgs, parent: pulumi.Resource): SwarmService {
  const { swarm, image, networks, of } = args;
  return new SwarmService(
    name,
    farmService({
      swarm,
      service: name,
      after: [of],
      spec: {
        image,
        args: [`-php=tasks.php:${String(statusPort)}`],
        mode: { replicas: 1 },
        limits: exporterLimits,
        reservations: exporterReservations,
        user: nobody,
        networks,
        health: { command: ["/bin/exporter", "-check"] },
        update: { order: "start-first" },
      },
    }),
    { parent },
  );
}
