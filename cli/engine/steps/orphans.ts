import { poolName } from "../../../infra/libvirt/domain";
import type { Context } from "../../context/context";
import { FarmError } from "../../base/errors";
import { decidedMode } from "../../hypervisor/enter";
import { hostUris } from "../../hypervisor/hosts";
import { namesIn, virsh, virshSucceeds } from "../../hypervisor/virsh";
import type { Resource } from "../../pulumi/state";

type Farm = Pick<Context, "stack" | "repository" | "folders" | "report">;

/** Kinds of libvirt objects, in order of removal. */
type Kind = "domain" | "volume" | "network" | "pool";

/** Objects of the state in any libvirt, as `KIND NAME`. */
export function knownInLibvirt(state: readonly Resource[]): ReadonlySet<string> {
  return new Set(
    state.flatMap(({ type, outputs }) => {
      const [, kind] = /^libvirt:index\/(\w+):/.exec(type) ?? [];
      // A seed is a volume in the pool.
      return kind === undefined ? [] : [`${kind === "cloudinitDisk" ? "volume" : kind} ${String(outputs.name)}`];
    }),
  );
}

/**
 * Removes libvirt objects of an interrupted run that are not in the state: they would make the next run fail, or, as partly
 * uploaded images, be used as complete ones.
 *
 * Only objects of this farm are removed: everything in an isolated libvirt; elsewhere objects with the farm's name, if the state
 * has the farm's pool. Otherwise the name may belong to another user's farm: the run fails, and docs/how-to/repair.md helps.
 */
export async function sweepOrphans(farm: Farm, state: readonly Resource[]): Promise<void> {
  const known = knownInLibvirt(state);
  for (const uri of Object.values(hostUris(farm))) {
    const isOwn = uri === "qemu:///system" && decidedMode(farm) === "isolated";
    if (isOwn || known.has(`pool ${poolName(farm.stack)}`)) await sweepHost(farm, uri, known);
  }
}

async function sweepHost(farm: Farm, uri: string, known: ReadonlySet<string>): Promise<void> {
  const pool = poolName(farm.stack);
  const unknown = async (kind: Kind, ...args: readonly string[]) =>
    (await namesOf(farm, uri, ...args)).filter((name) => !known.has(`${kind} ${name}`));
  const remove = async (what: string, ...args: readonly string[]) => {
    if (await virshSucceeds(farm, uri, ...args)) farm.report.say(`removed what an interrupted run left: ${what}`);
  };
  for (const name of await unknown("domain", "list", "--all", "--name")) {
    if (!name.startsWith(`${farm.stack}.`)) continue;
    await virshSucceeds(farm, uri, "destroy", name);
    await remove(`VM ${name}`, "undefine", name, "--nvram");
  }
  for (const name of await unknown("volume", "vol-list", pool))
    await remove(`volume ${name}`, "vol-delete", "--pool", pool, name);
  if ((await unknown("network", "net-list", "--all", "--name")).includes(pool)) {
    await virshSucceeds(farm, uri, "net-destroy", pool);
    await remove(`network ${pool}`, "net-undefine", pool);
  }
  if ((await unknown("pool", "pool-list", "--all", "--name")).includes(pool)) {
    await virshSucceeds(farm, uri, "pool-destroy", pool);
    await remove(`pool ${pool}`, "pool-undefine", pool);
  }
}

/** Empty if libvirt does not answer or the pool is missing. */
async function namesOf(farm: Farm, uri: string, ...args: readonly string[]): Promise<string[]> {
  try {
    return namesIn(await virsh(farm, uri, ...args));
  } catch (error) {
    if (error instanceof FarmError) return [];
    throw error;
  }
}
