import type { Problem } from "../config/problem";
import type { FarmPlan } from "../net/plan";
import { poolName, poolPath } from "./domain";

const bytesPerMiB = 1024 ** 2;

/** How much a node's disk grows while it boots for the first time and pulls its images. */
const newNodeMiB = 512;

/** The farm's pool on a hypervisor. */
export interface PoolFacts {
  readonly freeBytes: number;
  /** Names of its volumes. */
  readonly volumes: ReadonlySet<string>;
}

/** A file that is uploaded to the pools of some hosts, under a name that has its content hash. */
export interface Upload {
  readonly volume: string;
  readonly bytes: number;
  /** A pool that has a volume with a matching name gets no upload. */
  readonly unless?: RegExp;
}

/**
 * Problems of pools without enough free space. An upload to a full pool hangs, since the provider does not notice that
 * libvirt gave up.
 *
 * @param pools   by the names of the hosts; hosts that do not answer are left out
 * @param uploads the files of each node's image, by the node's name
 */
export function poolCapacityProblems(
  plan: FarmPlan,
  pools: ReadonlyMap<string, PoolFacts>,
  uploads: ReadonlyMap<string, readonly Upload[]>,
): Problem[] {
  return [...pools].flatMap(([host, { freeBytes, volumes }]) => {
    const added = plan.nodes.filter((node) => node.host === host && !volumes.has(`${node.name}.qcow2`));
    const has = ({ volume, unless }: Upload) =>
      volumes.has(volume) || (unless !== undefined && [...volumes].some((name) => unless.test(name)));
    const missing = new Map(
      added
        .flatMap(({ name }) => uploads.get(name) ?? [])
        .filter((file) => !has(file))
        .map((file) => [file.volume, file.bytes]),
    );
    const imageMiB = Math.ceil([...missing.values()].reduce((sum, bytes) => sum + bytes, 0) / bytesPerMiB);
    const requiredMiB = imageMiB + added.length * newNodeMiB;
    const freeMiB = Math.floor(freeBytes / bytesPerMiB);
    if (requiredMiB <= freeMiB) return [];
    const names = added.map(({ name }) => name).join(", ");
    return [
      {
        path: `hosts.${host}`,
        message: `its pool ${poolName(plan.farm)} has ${String(freeMiB)} MiB free, and ${names} ${added.length === 1 ? "takes" : "take"} ${String(requiredMiB)} MiB (images ${String(imageMiB)}, each new node ${String(newNodeMiB)}); free space in ${poolPath(plan.farm)} there, or move nodes to another host`,
      },
    ];
  });
}
