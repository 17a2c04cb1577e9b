import type { DeployContext, Published } from "../contract";
import { Backups } from "./backups";
import type { BackupsConfig } from "./schema";

/** The service and the timers. */
export function deploy({ name, config, swarm, plan, plans, image }: DeployContext<BackupsConfig>): Published {
  const { dumps } = plans;
  const backups = new Backups(name, { swarm, config, dumps, farm: plan.farm, image: image("backups") });
  return { services: [backups.service], logins: { backups: backups.password } };
}
