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
import { mysql } from "./mysql";

interface LampArgs {
  readonly swarm: Swarm;
  readonly images: Readonly<Record<"nginx" | "php" | "mysql", pulumi.Input<string>>>;
  /** Whether mysql's image is the farm's own. */
  readonly ownMysql: boolean;
  readonly tasks: Readonly<Record<"nginx" | "php", TaskSettings>>;
  readonly content: LampContent;
  /** Where the mesh publishes the web server. */
  readonly port: number;
  /** Where the mesh publishes php as well, for a load balancer that speaks FastCGI. Default: nowhere. */
  readonly fastcgiPort?: number | undefined;
  /** What goes before the services that publish a port. Default: nothing. */
  readonly ports?: readonly pulumi.Resource[];
  /** Whether the traffic between nodes is encrypted (IPsec). */
  readonly encrypted: boolean;
  /** A page to administer the database with, and the networks on which the load balancer finds it. Default: none. */
  readonly admin?:
    | { readonly image: pulumi.Input<string>; readonly port: number; readonly networks: readonly NetworkUse[] }
    | undefined;
  /** Another number makes another password for the database. */
  readonly rotation: number;
}

/** Debian's www-data, as which php runs. */
const phpUid = 33;

/** The limit of a php task: its workers (8 × 32 MiB), the opcache (32 MiB), and what php itself takes. */
export const phpMemoryMiB = 384;

/** Nothing of a request is kept in a task: two versions may serve side by side. */
const startFirst = { order: "start-first", monitorSeconds: 15 } as const satisfies UpdatePolicy;

/** nginx → php-fpm → mysql, as people run it: only php reaches the database, only nginx reaches php. */
export class Lamp extends pulumi.ComponentResource {
  /** Made when every task runs and is healthy. */
  readonly services: readonly SwarmService[];
  /** Of the database's user `app`. */
  readonly password: pulumi.Output<string>;

  constructor(name: string, args: LampArgs, opts?: pulumi.ComponentResourceOptions) {
    super("swarm-farm:lamp:Lamp", name, {}, opts);
    const { swarm, images, content, ports = [] } = args;

    const network = (noun: string, internal: boolean) =>
      new SwarmNetwork(
        `${name}-${noun}-network`,
        {
          swarm,
          // Another name, so that the services move from one to the other: a network cannot change while they use it.
          name: `${name}-${noun}${args.encrypted ? "-encrypted" : ""}`,
          internal,
          ...(args.encrypted ? { options: { encrypted: "" } } : {}),
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
    const php = new SwarmService(
      `${name}-php`,
      farmService({
        swarm,
        service: `${name}-php`,
        // A new password is php's when mysql knows it.
        after: [...ports, db],
        spec: {
          image: images.php,
          ...tasks(args.tasks.php, {
            limits: { cpus: 1, memoryMiB: phpMemoryMiB },
            reservations: { cpus: 0.1, memoryMiB: 64 },
          }),
          placement: { constraints: ["node.role == worker"] },
          networks: [{ id: web.id, aliases: ["php"] }, { id: data.id }],
          env: { WHERE: "{{.Node.Hostname}} {{.Task.Name}}" },
          configs: configFiles(`${name}-php`, { swarm, files: content.scripts }, this),
          secrets: [secret],
          mounts: [{ type: "tmpfs", target: "/tmp" }],
          // Another image than ours knows no ping, but has php itself.
          health: {
            command: firstOf(
              ["php-fpm-ping", "php-fpm-ping"],
              ["php", `php -r "exit(@fsockopen('127.0.0.1', 9000) ? 0 : 1);"`],
            ),
          },
          update: startFirst,
          ...(args.fastcgiPort === undefined
            ? {}
            : { ports: [{ target: 9000, published: args.fastcgiPort, mode: "ingress" as const }] }),
        },
      }),
      { parent: this },
    );
    const nginx = new SwarmService(
      `${name}-nginx`,
      farmService({
        swarm,
        service: `${name}-nginx`,
        // A page without php is an error.
        after: [...ports, php],
        spec: {
          image: images.nginx,
          ...tasks(args.tasks.nginx, {
            limits: { cpus: 0.5, memoryMiB: 64 },
            reservations: { cpus: 0.05, memoryMiB: 16 },
          }),
          networks: [{ id: web.id }],
          configs: configFiles(`${name}-nginx`, { swarm, files: content.web }, this),
          mounts: [{ type: "tmpfs", target: "/tmp" }],
          health: answersHttp(8080, "/healthz"),
          update: startFirst,
          ports: [{ target: 8080, published: args.port, mode: "ingress" }],
        },
      }),
      { parent: this },
    );

    this.services = [db, php, nginx];
    if (args.admin) {
      const { image, port, networks: edge } = args.admin;
      const service = { swarm, image, port, networks: [{ id: data.id }, ...edge], after: [db] };
      this.services = [...this.services, admin(`${name}-admin`, service, this)];
    }
    this.password = password.value;
    this.registerOutputs({});
  }
}
