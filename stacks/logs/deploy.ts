import type { DeployContext, Published } from "../contract";
import { storeNode } from "../contract/store";
import { Logs } from "./logs";
import type { LogsConfig } from "./schema";

/** The store on one node, and what sends to it on all. */
export function deploy(context: DeployContext<LogsConfig>): Published {
  const { name, config, plan, swarm, image, edgeNetworks } = context;
  const deployed = new Logs(name, {
    swarm,
    images: { logs: image("victoria-logs"), journal: image("journal-upload") },
    node: storeNode(config.node, plan),
    sizes: config,
    edgeNetworks,
  });
  return { services: deployed.services, scrapeNetworks: [deployed.network] };
}
