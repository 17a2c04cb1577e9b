import { checkHost } from "../../../infra/config/host-check";
import { ConfigError, type Problem } from "../../../infra/config/problem";
import type { FarmConfig } from "../../../infra/config/schema";
import type { Context } from "../../context/context";
import { FarmError } from "../../base/errors";
import { inFarm } from "../../hypervisor/enter";
import { run } from "../../process/run";
import { memoryMiB, networksOfHypervisor, runsHere } from "./host-facts";

/** The time limit for a remote libvirt. */
const answerSeconds = 20;

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
  const { environment: env, signal } = farm;
  const argv = inFarm(farm, ["virsh", "-q", "-c", uri, "version"]);
  const { status, stderr } = await run(argv, { env, signal, timeoutSeconds: answerSeconds });
  if (status === 0) return [];
  const reason = stderr.split("\n").findLast((line) => line.startsWith("error:"));
  return [
    {
      path: `hosts.${name}.uri`,
      message: `'${uri}' does not answer (${reason ?? `no answer in ${String(answerSeconds)} s`}); check that libvirtd runs there and that you may use it`,
    },
  ];
}
