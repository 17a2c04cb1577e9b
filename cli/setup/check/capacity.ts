import { existsSync, statSync } from "node:fs";
import { isLocal } from "../../../infra/config/primitives";
import { ConfigError } from "../../../infra/config/problem";
import type { FarmConfig, ImageConfig } from "../../../infra/config/schema";
import { anyRecipe, imageVolume, poolName } from "../../../infra/libvirt/domain";
import { poolCapacityProblems, type PoolFacts, type Upload } from "../../../infra/libvirt/capacity";
import { planFarm } from "../../../infra/net/plan";
import type { Context } from "../../context/context";
import { FarmError } from "../../base/errors";
import { inFarm } from "../../hypervisor/enter";
import { namesIn, virsh } from "../../hypervisor/virsh";
import { run } from "../../process/run";
import { guestImageOf } from "../images/recipes";

/** The time limit for a host that does not answer; other checks report it. */
const timeoutSeconds = 20;

type Farm = Pick<Context, "stack" | "folders" | "environment" | "signal">;

/**
 * Checks that the uploads of an update fit into the pool of every hypervisor.
 *
 * @throws FarmError with every problem at once
 */
export async function checkCapacity(farm: Farm, config: FarmConfig): Promise<void> {
  const plan = planFarm(config, farm.stack);
  const hosts = await Promise.all(
    Object.entries(plan.hosts).map(async ([name, { uri }]) => [name, await poolOf(farm, uri)] as const),
  );
  const pools = new Map(hosts.flatMap(([name, pool]): [string, PoolFacts][] => (pool ? [[name, pool]] : [])));
  const uploads = new Map(plan.nodes.map(({ name, image }) => [name, uploadsOf(image, farm.folders.cache)]));
  const problems = poolCapacityProblems(plan, pools, uploads);
  if (problems.length > 0) throw new FarmError(new ConfigError(problems).message);
}

/** Without a pool, only folders of this machine can be checked. */
async function poolOf(farm: Farm, uri: string): Promise<PoolFacts | undefined> {
  const pool = poolName(farm.stack);
  try {
    // libvirt may have old values of the pool.
    await virsh(farm, uri, "pool-refresh", pool);
    const info = await virsh(farm, uri, "pool-info", "--bytes", pool);
    const volumes = namesIn(await virsh(farm, uri, "vol-list", pool));
    return { freeBytes: Number(/^Available:\s+(\d+)/m.exec(info)?.[1] ?? 0), volumes: new Set(volumes) };
  } catch (error) {
    if (!(error instanceof FarmError)) throw error;
    if (!isLocal(uri)) return undefined;
    // The farm's own libvirt has a /var/lib/libvirt of its own, perhaps on another disk.
    const { environment: env, signal } = farm;
    const options = { env, signal, timeoutSeconds };
    const df = await run(inFarm(farm, ["df", "--block-size=1", "--output=avail", "/var/lib/libvirt"]), options);
    if (df.status !== 0) return undefined;
    return { freeBytes: Number(df.stdout.trim().split("\n").at(-1)), volumes: new Set() };
  }
}

/** The size of an image; unknown before it is downloaded. */
function uploadsOf(config: ImageConfig, cache: string): Upload[] {
  const image = guestImageOf(config, cache);
  const files =
    image.kind === "cloud"
      ? ([["qcow2", image.source]] as const)
      : ([
          ["qcow2", image.disk],
          ["vmlinuz", image.kernel],
          ["initrd", image.initrd],
        ] as const);
  return files
    .filter(([, file]) => existsSync(file))
    .map(([ending, file]) => ({
      volume: imageVolume(image.key, ending),
      bytes: statSync(file).size,
      ...(image.kind === "farm" ? { unless: anyRecipe(image.key) } : {}),
    }));
}
