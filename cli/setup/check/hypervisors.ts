import { checkHost } from "../../../infra/config/host-check";
import { ConfigError, type Problem } from "../../../infra/config/problem";
import type { FarmConfig } from "../../../infra/config/schema";
import type { Context } from "../../context/context";
import { FarmError } from "../../base/errors";
import { noAnswer } from "../../hypervisor/domains";
import { virsh } from "../../hypervisor/virsh";
import { memoryMiB, networksOfHypervisor, runsHere } from "./host-facts";

type Farm = Pick<Context, "stack" | "folders" | "environment" | "signal">;

/**
 * Checks that every libvirt answers, and that the farm's network and memory fit there. Called when the farm's
 * hypervisor runs.
 *
 * @throws FarmError with every problem at once
 */
export async function checkHypervisors(farm: Farm, config: FarmConfig): Promise<void> {
  const unreachable = await Promise.all(Object.entries(config.hosts).map(([name, { uri }]) => answers(farm, name, uri)));
  const facts = async () => ({ memoryMiB: memoryMiB(), networks: await networksOfHypervisor(farm) });
  const problems = [...unreachable.flat(), ...(runsHere(config) ? checkHost(config, await facts()) : [])];
  if (problems.length > 0) throw new FarmError(new ConfigError(problems).message);
}

async function answers(farm: Farm, name: string, uri: string): Promise<Problem[]> {
  const reason = await virsh(farm, uri, "version").then(() => undefined, noAnswer);
  if (reason === undefined) return [];
  return [
    {
      path: `hosts.${name}.uri`,
      message: `'${uri}' does not answer (${reason}); check that libvirtd runs there and that you may use it`,
    },
  ];
}
