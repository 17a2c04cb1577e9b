import { parseWith } from "../config/parse";
import { Name } from "../config/primitives";
import { ConfigError } from "../config/problem";
import { configSchema, type FarmConfigInput } from "../config/schema";
import { planFarm, type FarmPlan } from "./plan";

/** The farm's own keys of docs/configuration.md, with the same defaults. */
export type FarmDescription = Pick<FarmConfigInput, "hosts" | "network" | "image" | "nodes">;

/**
 * Plans a farm: names, addresses and MAC addresses of every node. It creates no resource and asks no host.
 *
 * @param farm the farm's name, part of the names of VMs, pools and networks on each hypervisor: at most 40 lower-case letters,
 *   digits and hyphens
 * @param description e.g. `{ nodes: { manager1: { role: "manager" }, worker1: { role: "worker" } } }`
 * @throws ConfigError with every problem at once
 */
export function farmPlan(farm: string, description: FarmDescription): FarmPlan {
  const name = Name.safeParse(farm);
  if (!name.success)
    throw new ConfigError([
      { path: "(farm)", message: `is '${farm}'; ${name.error.issues.map(({ message }) => message).join("; ")}` },
    ]);
  const surface = {
    schema: configSchema(),
    problems: () => [],
    read: () => ({ files: {}, problems: [] }),
  };
  return planFarm(parseWith(description, surface), farm);
}
