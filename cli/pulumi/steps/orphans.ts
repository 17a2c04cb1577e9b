import { poolName } from "../../../infra/libvirt/domain";
import type { Context } from "../../context";
import { FarmError } from "../../errors";
import { decidedMode } from "../../hypervisor/enter";
import { hostUris } from "../../hypervisor/hosts";
import { namesIn, virsh, virshSucceeds } from "../../hypervisor/virsh";
import type { Resource } from "../state";

type Farm = Pick<Context, "stack" | "repository" | "folders" | "report">;

/** What libvirt has, in the order in which it is removed. */
type Kind = "domain" | "volume" | "network" | "pool";

/** What Pulumi knows of in any libvirt, as `KIND NAME`. */
export function knownInLibvirt(state: readonly Resource[]): ReadonlySet<string> {
  return new Set(
    state.flatMap(({ type, outputs }) => {
      const [, kind] = /^libvirt:index\/(\w+):/.exec(type) ?? [];
      // A seed lies in the pool as a volume.
      return kind === undefined ? [] : [`${kind === "cloudinitDisk" ? "volume" : kind} ${String(outputs.name)}`];
    }),
  );
}

/**
 * Removes what an interrupted run made in libvirt without Pulumi's knowing: it would be in the way of the next run, or, as a
 * half uploaded image, be used as a whole one.
 *
 * Only what is surely this farm's is removed: everything in an isolated libvirt, and in another what has the farm's name where
 * Pulumi knows the farm's pool. Without that the name may be another person's farm: the run fails at it, and
 * docs/how-to/repair.md says what to do.
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
    await remove(`machine ${name}`, "undefine", name, "--nvram");
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

/** None where libvirt or the pool does not answer. */
async function namesOf(farm: Farm, uri: string, ...args: readonly string[]): Promise<string[]> {
  try {
    return namesIn(await virsh(farm, uri, ...args));
  } catch (error) {
    if (error instanceof FarmError) return [];
    throw error;
  }
}
