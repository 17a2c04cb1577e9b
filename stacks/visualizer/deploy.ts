import type { DeployContext, Published } from "../contract";
import type { VisualizerConfig } from "./schema";
import { Visualizer } from "./visualizer";

/** The page and its docker socket proxy. */
export function deploy(context: DeployContext<VisualizerConfig>): Published {
  const { prometheus } = context.plans;
  const { services } = new Visualizer(context.name, {
    swarm: context.swarm,
    proxy: context.image("nginx"),
    page: context.image("visualizer", context.config.image, "visualizer-page"),
    networks: context.edgeNetworks,
    // They have that network in common.
    ...(prometheus && context.edgeNetworks.length > 0
      ? { prometheus: `http://${prometheus.service}:${String(prometheus.port)}` }
      : {}),
  });
  return { services };
}
