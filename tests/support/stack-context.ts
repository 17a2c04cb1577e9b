import * as pulumi from "@pulumi/pulumi";
import { Authority } from "../../infra/keys/authority";
import { planFarm } from "../../infra/net/plan";
import type { DeployContext } from "../../stacks/contract";
import { parseConfig } from "../../stacks/config";
import { stacks } from "../../stacks/index";
import { plansOf } from "../../stacks/plans";
import type { RawConfig } from "./configs";
import { repository } from "./sources";
import { swarmOf } from "./samples";

/** Context of a stack on a farm without other stacks; images are `registry/NAME`. */
export function contextOf<Config>(name: string, farm: RawConfig, config: Config): DeployContext<Config> {
  const all = parseConfig(farm);
  return {
    name,
    config,
    files: undefined,
    folder: repository,
    secrets: [],
    rotations: {},
    plan: planFarm(all, "dev"),
    swarm: swarmOf(farm),
    authority: new Authority("authority", { farm: "dev", rotation: 1 }),
    image: (image) => pulumi.output(`registry/${image}`),
    built: (stack) => pulumi.output(`registry/${stack}`),
    edgeNetworks: [],
    portsFree: [],
    plans: plansOf(stacks, all),
    others: { services: [], networks: [], scrapeNetworks: [], urls: {} },
  };
}
