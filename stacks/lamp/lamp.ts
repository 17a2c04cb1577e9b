import * as pulumi from "@pulumi/pulumi";
import { Password } from "../../infra/keys/password";
import { farmService } from "../../infra/service/farm-service";
import { configFiles, secretFile } from "../../infra/service/files";
import { SwarmNetwork } from "../../infra/service/network";
import { answersHttp, firstOf } from "../../infra/service/health";
import { SwarmService } from "../../infra/service/service";
import { tasks, type TaskSettings } from "../../infra/service/tasks";
import type { NetworkUse } from "../../infra/service/spec/networks";
import type { UpdatePolicy } from "../../infra/service/spec/updates";
import type { Swarm } from "../../infra/swarm/swarm";
import { admin } from "./admin";
import type { LampContent } from "./content";
import { mysqlExporter, phpExporter } from "./exporters";
import { mysql } from "./mysql";
import { phpStatus } from "./php-status";
import { webPort } from "./schema";
import { phpEnvironment, phpSettings, sessions, type SessionsArgs } from "./sessions";

interface LampArgs {
  readonly swarm: Swarm;
  readonly images: Readonly<Record<"nginx" | "php" | "mysql", pulumi.Input<string>>>;
  /** Whether mysql's image is the farm's own. */
  readonly ownMysql: boolean;
  readonly tasks: Readonly<Record<"nginx" | "php", TaskSettings>>;
  readonly content: LampContent;
  /** The published port of the web server. Default: the load balancer reaches it on `edgeNetworks`. */
  readonly port?: number | undefined;
  /** The networks on which the load balancer reaches services without a published port. Default: none. */
  readonly edgeNetworks?: readonly NetworkUse[];
  /** Created before the services that publish a port. Default: nothing. */
  readonly ports?: readonly pulumi.Resource[];
  /** Whether the traffic between nodes is encrypted (IPsec). */
  readonly encryptOverlay: boolean;
  /** The store that all tasks of php use for sessions. Default: each task keeps its own. */
  readonly sessions?: Pick<SessionsArgs, "image" | "memoryMiB"> | undefined;
  /** A page that administers the database. Default: none. */
  readonly admin?: { readonly image: pulumi.Input<string>; readonly port: number } | undefined;
  /** Images of exporters, where the farm is monitored; php's where php says what its workers do. Default: none. */
  readonly exporters?:
    { readonly mysql: pulumi.Input<string>; readonly php?: pulumi.Input<string> | undefined } | undefined;
  /** Another number generates another password for the database. */
  readonly rotation: number;
}

/** Debian's www-data, the user of php. */
const phpUid = 33;

/** The size of `/tmp`, where uploads are until a request ends; a full one fails that upload, not the task. */
const uploadMiB = 256;

/** The memory limit of a php task: its workers (8 × 32 MiB), the opcache (32 MiB), php itself, and uploads. */
export const phpMemoryMiB = 384 + uploadMiB;

/** Tasks keep no state, so two versions may serve in parallel. */
const startFirst = { order: "start-first", monitorSeconds: 15 } as const satisfies UpdatePolicy;

/** nginx → php-fpm → mysql: only php reaches the database, only nginx reaches php. */
export class Lamp extends pulumi.ComponentResource {
  /** Made when every task runs and is healthy. */
  readonly services: readonly SwarmService[];
  /** The password of the database's user `app`. */
  readonly password: pulumi.Output<string>;
  /** Where a load balancer that speaks FastCGI reaches php: nobody else but nginx is there. */
  readonly phpNetwork: NetworkUse;
  /** Where Prometheus reaches the exporters; empty without them. */
  readonly scrapeNetworks: readonly NetworkUse[];

  constructor(name: string, args: LampArgs, opts?: pulumi.ComponentResourceOptions) {
    super("swarm-farm:lamp:Lamp", name, {}, opts);
    const { swarm, images, content, port, ports = [], edgeNetworks = [] } = args;

    const network = (noun: string, internal: boolean) =>
      new SwarmNetwork(
        // Swarm cannot change a network that services use, and Pulumi not its options.
        `${name}-${noun}-${args.encryptOverlay ? "ipsec-" : ""}network`,
        {
          swarm,
          name: `${name}-${noun}${args.encryptOverlay ? "-ipsec" : ""}`,
          internal,
          ...(args.encryptOverlay ? { options: { encrypted: "" } } : {}),
        },
        { parent: this },
      );
    const web = network("web", false);
    const data = network("data", true);
    const password = new Password(
      `${name}-mysql-credential`,
      { username: "app", rotation: args.rotation },
      { parent: this },
    );
    const secret = secretFile(
      `${name}-php-password`,
      { swarm, file: "mysql-password", uid: phpUid, value: password.value, version: password.version },
      this,
    );

    const db = mysql(
      `${name}-mysql`,
      { swarm, image: images.mysql, ours: args.ownMysql, password, networkId: data.id },
      this,
    );
    const shared = args.sessions && { ...args.sessions, networkId: network("sessions", true).id };
    const stores = shared ? [sessions(`${name}-sessions`, { swarm, ...shared }, this)] : [];
    const php = new SwarmService(
      `${name}-php`,
      farmService({
        swarm,
        service: `${name}-php`,
        // php gets a new password after mysql.
        after: [...ports, db, ...stores],
        spec: {
          image: images.php,
          ...tasks(args.tasks.php, {
            limits: { cpus: 1, memoryMiB: phpMemoryMiB },
            reservations: { cpus: 0.1, memoryMiB: 64 },
          }),
          placement: { constraints: ["node.role == worker"] },
          networks: [{ id: web.id, aliases: ["php"] }, { id: data.id }, ...(shared ? [{ id: shared.networkId }] : [])],
          env: { WHERE: "{{.Node.Hostname}} {{.Task.Name}}", ...(shared ? phpEnvironment : {}) },
          configs: configFiles(
            `${name}-php`,
            {
              swarm,
              files: [
                ...content.scripts,
                ...(shared ? [phpSettings] : []),
                ...(args.exporters?.php === undefined ? [] : [phpStatus]),
              ],
            },
            this,
          ),
          secrets: [secret],
          mounts: [{ type: "tmpfs", target: "/tmp", sizeMiB: uploadMiB }],
          // Other images have no php-fpm-ping, but php.
          health: {
            command: firstOf(
              ["php-fpm-ping", "php-fpm-ping"],
              ["php", `php -r "exit(@fsockopen('127.0.0.1', 9000) ? 0 : 1);"`],
            ),
          },
          update: startFirst,
        },
      }),
      { parent: this },
    );
    const nginx = new SwarmService(
      `${name}-nginx`,
      farmService({
        swarm,
        service: `${name}-nginx`,
        // Without php, pages are errors.
        after: [...ports, php],
        spec: {
          image: images.nginx,
          ...tasks(args.tasks.nginx, {
            limits: { cpus: 0.5, memoryMiB: 64 + uploadMiB },
            reservations: { cpus: 0.05, memoryMiB: 16 },
          }),
          networks: [{ id: web.id }, ...(port === undefined ? edgeNetworks : [])],
          configs: configFiles(`${name}-nginx`, { swarm, files: content.web }, this),
          mounts: [{ type: "tmpfs", target: "/tmp", sizeMiB: uploadMiB }],
          health: answersHttp(webPort, "/healthz"),
          update: startFirst,
          ...(port === undefined ? {} : { ports: [{ target: webPort, published: port, mode: "ingress" as const }] }),
        },
      }),
      { parent: this },
    );

    this.services = [db, ...stores, php, nginx];
    if (args.admin) {
      const networks = [{ id: data.id }, ...edgeNetworks];
      const service = { swarm, ...args.admin, networks, after: [db] };
      this.services = [...this.services, admin(`${name}-admin`, service, this)];
    }
    // Its own network: Prometheus reaches neither php nor the database.
    const metrics = args.exporters && network("metrics", true);
    this.scrapeNetworks = metrics ? [{ id: metrics.id }] : [];
    if (args.exporters) {
      const ofMysql = {
        swarm,
        image: args.exporters.mysql,
        networks: [{ id: data.id }, ...this.scrapeNetworks],
        of: db,
        password,
      };
      this.services = [...this.services, mysqlExporter(`${name}-mysql-exporter`, ofMysql, this)];
    }
    if (args.exporters?.php !== undefined) {
      const ofPhp = {
        swarm,
        image: args.exporters.php,
        networks: [{ id: web.id }, ...this.scrapeNetworks],
        of: php,
      };
      this.services = [...this.services, phpExporter(`${name}-php-exporter`, ofPhp, this)];
    }
    this.password = password.value;
    this.phpNetwork = { id: web.id };
    this.registerOutputs({});
  }
}
