import type { DeployContext, Published } from "../contract";
import type { StewardConfig } from "./schema";
import { Steward } from "./steward";

/** The steward, Prometheus and the exporter. */
export function deploy({ name, config, swarm, image }: DeployContext<StewardConfig>): Published {
  const images = { exporter: image("exporter"), prometheus: image("prometheus"), steward: image("steward") };
  const { services, network } = new Steward(name, { swarm, images, ...config });
  return { services, scrapeNetworks: [network] };
}
