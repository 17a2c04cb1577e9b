import type { Context } from "../context/context";
import { poolName } from "../../infra/libvirt/domain";
import { hostUris } from "../hypervisor/hosts";
import { virsh, virshSucceeds } from "../hypervisor/virsh";

type Farm = Pick<Context, "stack" | "folders" | "repository">;

/** The name of a node's VM in libvirt. */
function domainOf({ stack }: Farm, node: string): string {
  return `${stack}.${node}`;
}

/** URIs of the hypervisors that answer and have a VM of a node. */
export async function urisWith(farm: Farm, node: string): Promise<string[]> {
  const uris = Object.values(hostUris(farm));
  const found = await Promise.all(uris.map(async (uri) => virshSucceeds(farm, uri, "dominfo", domainOf(farm, node))));
  return uris.filter((_, index) => found[index]);
}

/** The state of a node's VM, e.g. `shut off`, or undefined if no answering hypervisor has one. */
export async function domainState(farm: Farm, node: string): Promise<string | undefined> {
  const [uri] = await urisWith(farm, node);
  return uri === undefined ? undefined : (await virsh(farm, uri, "domstate", domainOf(farm, node))).trim();
}

/**
 * Removes the VM of a lost manager with its disks, which could return as a second swarm, from each hypervisor that has it.
 *
 * @throws FarmError with libvirt's error
 */
export async function removeVm(farm: Farm & Pick<Context, "report">, node: string): Promise<void> {
  const pool = poolName(farm.stack);
  for (const uri of await urisWith(farm, node)) {
    // A VM that is off cannot be destroyed.
    await virshSucceeds(farm, uri, "destroy", domainOf(farm, node));
    await virsh(farm, uri, "undefine", domainOf(farm, node), "--nvram");
    for (const volume of [`${node}.qcow2`, `${node}-data.qcow2`])
      if (await virshSucceeds(farm, uri, "vol-info", "--pool", pool, volume))
        await virsh(farm, uri, "vol-delete", "--pool", pool, volume);
    farm.report.say(`removed the VM of ${node} and its disks`);
  }
}
