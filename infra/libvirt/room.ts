import type { Problem } from "../config/problem";
import type { FarmPlan } from "../net/plan";
import { poolName, poolPath } from "./domain";

const bytesPerMiB = 1024 ** 2;

/** What a node's disk grows by while it boots for the first time and its images are pulled. */
const newNodeMiB = 512;

/** What a hypervisor says of the farm's pool. */
export interface PoolFacts {
  readonly freeBytes: number;
  /** Names of its volumes. */
  readonly volumes: ReadonlySet<string>;
}

/** A file that is uploaded to the pools of some hosts, under a name that carries its content. */
export interface Upload {
  readonly volume: string;
  readonly bytes: number;
  /** It is not uploaded to a pool that has a volume of such a name. */
  readonly unless?: RegExp;
}

/**
 * What the pools have no room for: an upload to a full pool would not fail but wait for ever, since the provider never
 * hears that libvirt gave up.
 *
 * @param pools   by the names of the hosts; one of which nothing is known is left out
 * @param uploads what nodes begin with, by their names
 */
export function roomProblems(
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
    const wanted = imageMiB + added.length * newNodeMiB;
    const free = Math.floor(freeBytes / bytesPerMiB);
    if (wanted <= free) return [];
    const names = added.map(({ name }) => name).join(", ");
    return [
      {
        path: `hosts.${host}`,
        message: `its pool ${poolName(plan.farm)} has ${String(free)} MiB free, and ${names} ${added.length === 1 ? "takes" : "take"} ${String(wanted)} MiB (images ${String(imageMiB)}, each new node ${String(newNodeMiB)}); make room in ${poolPath(plan.farm)} there, or put nodes on another host`,
      },
    ];
  });
}
