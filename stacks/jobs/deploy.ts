import type { DeployContext, Published } from "../contract";
import { Jobs } from "./jobs";
import type { JobsConfig } from "./schema";

/** The program that starts jobs. */
export function deploy({ name, config, swarm, image }: DeployContext<JobsConfig>): Published {
  const { services, network } = new Jobs(name, { swarm, image: image("jobs"), ...config });
  return { services, scrapeNetworks: [network] };
}
