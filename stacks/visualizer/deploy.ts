import type { DeployContext, Published, StackPlans } from "../contract";
import type { LogStore } from "../contract/entries";
import { hasRoute, type RouteSettings } from "../contract/routes";
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
    logsPage: logStore && pageOf(logStore, context.name, context.plans),
  });
  return { services };
}

/** The path of the log store's page, where it has the same host as the visualizer's. */
function pageOf({ page }: LogStore, own: string, { edge, routes }: StackPlans): string | undefined {
  const settings = (name: string): RouteSettings | undefined =>
    hasRoute(edge, name) ? { ...routes[name], ...edge?.routes?.[name] } : undefined;
  const [to, from] = [settings(page.route), settings(own)];
  return to?.path !== undefined && from && to.host === from.host ? `${to.path}${page.path}` : undefined;
}
