import type { DeployContext, Published } from "../contract";
import { tasksOf } from "../contract/services";
import { meshUrl } from "../contract/urls";
import type { LampContent } from "./content";
import { Lamp } from "./lamp";
import { fastcgiPort, type LampConfig } from "./schema";

/** The services, and their URL if no reverse proxy leads to them. */
export function deploy(context: DeployContext<LampConfig, LampContent, "mysql">): Published {
  const { name, config, files, plan, plans, swarm, portsFree } = context;
  const { nginx, php, mysql, admin, port, encryptOverlay } = config;
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
    fastcgiPort: plans.edge?.protocol === "fastcgi" ? fastcgiPort : undefined,
    ports: portsFree,
    encryptOverlay,
    admin: admin && { ...admin, image: context.image("admin", admin.image), networks: context.edgeNetworks },
    rotation: context.rotations.mysql,
  });
  return {
    services: lamp.services,
    urls: plans.edge ? {} : { lamp: meshUrl(plan, port) },
    logins: { app: lamp.password },
  };
}
