import type { DeployContext, Published } from "../contract";
import type { VisualizerConfig } from "./schema";
import { Visualizer } from "./visualizer";

/** The page and its docker socket proxy. */
export function deploy(context: DeployContext<VisualizerConfig>): Published {
  const { prometheus, logStore } = context.plans;
  // The network that they have in common.
  const isReached = context.edgeNetworks.length > 0;
  const urlOf = (of: { readonly service: string; readonly port: number } | undefined) =>
    of && isReached ? `http://${of.service}:${String(of.port)}` : undefined;
  const { services } = new Visualizer(context.name, {
    swarm: context.swarm,
    proxy: context.image("nginx"),
    page: context.image("visualizer", context.config.image, "visualizer-page"),
    networks: context.edgeNetworks,
    prometheus: urlOf(prometheus),
    logStore: urlOf(logStore),
  });
  return { services };
}
