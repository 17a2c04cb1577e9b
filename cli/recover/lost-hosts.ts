import type { Context } from "../context/context";
import { FarmError } from "../base/errors";
import { hostUris } from "../hypervisor/hosts";
import { virshSucceeds } from "../hypervisor/virsh";
import { urisWith } from "./vms";

/**
 * Refuses to recover if a lost manager could return as a second swarm, since its hypervisor does not answer.
 *
 * @param lost names of the lost managers
 * @param gone names of hypervisors that are gone for good
 * @throws FarmError if a VM may be on a hypervisor that does not answer
 */
export async function refuseUnreachableVms(
  farm: Pick<Context, "stack" | "folders" | "repository">,
  lost: readonly string[],
  gone: readonly string[],
): Promise<void> {
  const hosts = Object.entries(hostUris(farm)).filter(([host]) => !gone.includes(host));
  const found = await Promise.all(hosts.map(async ([, uri]) => virshSucceeds(farm, uri, "list", "--name")));
  const away = hosts.filter((_, index) => !found[index]).map(([host]) => host);
  const [first] = away;
  if (first === undefined) return;
  for (const node of lost)
    if ((await urisWith(farm, node)).length === 0)
      throw new FarmError(
        `hypervisor '${away.join("', '")}' does not answer, and may have the VM of ${node}, which could come back as a second swarm: bring the hypervisor back; if it is gone for good: ./farm recover --lost-host ${first}`,
      );
}
