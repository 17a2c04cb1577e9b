import type { DeployContext, Published } from "../contract";
import { hasRoute, publishedPort } from "../contract/routes";
import { tasksOf } from "../contract/services";
import { meshUrl } from "../contract/urls";
import type { LampContent } from "./content";
import { Lamp } from "./lamp";
import { hasPhpStatus } from "./metrics";
import { sharesSessions } from "./session-settings";
import { defaultPort, type LampConfig } from "./schema";

/** The services, and their URL if no reverse proxy leads to them. */
export function deploy(context: DeployContext<LampConfig, LampContent, "mysql">): Published {
  const { name, config, files, plans, swarm, portsFree } = context;
  const { nginx, php, mysql, admin, encryptOverlay } = config;
  const port = publishedPort(config.port, defaultPort, plans.edge, "lamp");
  const isRouted = hasRoute(plans.edge, "lamp");
  const lamp = new Lamp(name, {
    swarm,
    images: {
      // In start order: the others wait for mysql.
      mysql: context.image("mysql", mysql.image),
      php: context.image("php", php.image),
      nginx: context.image("nginx", nginx.image),
    },
    ownMysql: mysql.image === undefined,
    tasks: { nginx: tasksOf(nginx, "lamp"), php: tasksOf(php, "lamp") },
    content: files,
    port,
    ports: portsFree,
    edgeNetworks: context.edgeNetworks,
    encryptOverlay,
    sessions: sharesSessions(config)
      ? { image: context.image("valkey"), memoryMiB: config.sessions.memoryMiB }
      : undefined,
    admin: admin && { ...admin, image: context.image("admin", admin.image) },
    exporters:
      plans.prometheus === undefined
        ? undefined
        : {
            mysql: context.image("mysqld-exporter"),
            php: hasPhpStatus(config) ? context.image("exporter", undefined, `${name}-exporter-image`) : undefined,
          },
    rotation: context.rotations.mysql,
  });
  return {
    services: lamp.services,
    networks: isRouted && plans.targets.lamp?.kind === "fastcgi" ? [lamp.phpNetwork] : [],
    urls: isRouted || port === undefined ? {} : { lamp: meshUrl(context, port) },
    logins: { app: lamp.password },
    scrapeNetworks: lamp.scrapeNetworks,
  };
}
