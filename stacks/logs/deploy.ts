import type { DeployContext, Published } from "../contract";
import { Logs } from "./logs";
import type { LogsConfig } from "./schema";

/** The store on one node, and what sends to it on all. */
export function deploy(context: DeployContext<LogsConfig>): Published {
  const { name, config, plan, swarm, image, edgeNetworks } = context;
  const deployed = new Logs(name, {
    swarm,
    images: { logs: image("victoria-logs"), journal: image("journal-upload") },
    node: config.node ?? plan.nodes.find(({ role }) => role === "manager")?.name ?? "",
    sizes: config,
    edgeNetworks,
  });
  return { services: deployed.services, scrapeNetworks: [deployed.network] };
}
