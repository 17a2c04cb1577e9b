/**
 * Run by `./farm` where the hypervisor is, before an update: what a hypervisor's pool has no room for is told as every
 * other problem of the configuration. Reads the checked configuration from standard input; the arguments are the
 * stack and the folder of caches.
 */
import { execFile } from "node:child_process";
import { existsSync, readFileSync, statfsSync, statSync } from "node:fs";
import { promisify } from "node:util";
import { ConfigError } from "../infra/config/problem";
import type { ImageConfig } from "../infra/config/schema";
import { parseJson } from "../infra/config/value";
import { guestImage } from "../infra/images/guest";
import { anyRecipe, imageVolume, poolName } from "../infra/libvirt/domain";
import { poolCapacityProblems, type PoolFacts, type Upload } from "../infra/libvirt/capacity";
import { planFarm } from "../infra/net/plan";
import { catalogOf } from "../stacks/catalog";
import { parseConfig } from "../stacks/config";
import { stacks } from "../stacks/index";
import { isLocal } from "./check/host-facts";

/** A host that is away is told by others, in time. */
const hostMilliseconds = 20_000;

async function main([stack = "", cache = ""]: readonly string[]): Promise<void> {
  const plan = planFarm(parseConfig(parseJson(readFileSync(0, "utf8"))), stack);
  const hosts = await Promise.all(
    Object.entries(plan.hosts).map(async ([name, { uri }]) => [name, await poolOf(uri, stack)] as const),
  );
  const pools = new Map(hosts.flatMap(([name, pool]): [string, PoolFacts][] => (pool ? [[name, pool]] : [])));
  const uploads = new Map(plan.nodes.map(({ name, image }) => [name, uploadsOf(image, cache)]));
  const problems = poolCapacityProblems(plan, pools, uploads);
  if (problems.length > 0) throw new ConfigError(problems);
}

/** Where there is no pool yet only this machine's folders can be looked at. */
async function poolOf(uri: string, stack: string): Promise<PoolFacts | undefined> {
  const virsh = async (...args: readonly string[]) =>
    (await promisify(execFile)("virsh", ["-q", "-c", uri, ...args], { timeout: hostMilliseconds })).stdout;
  try {
    // What it knows of its folder may be old.
    await virsh("pool-refresh", poolName(stack));
    const info = await virsh("pool-info", "--bytes", poolName(stack));
    const list = await virsh("vol-list", poolName(stack));
    const volumes = list.split("\n").map((line) => line.trim().split(/\s+/)[0] ?? "");
    return { freeBytes: Number(/^Available:\s+(\d+)/m.exec(info)?.[1] ?? 0), volumes: new Set(volumes) };
  } catch {
    if (!isLocal(uri)) return undefined;
    const { bavail, bsize } = statfsSync("/var/lib/libvirt");
    return { freeBytes: bavail * bsize, volumes: new Set() };
  }
}

/** Of an image that is yet to be downloaded the size is not known. */
function uploadsOf(config: ImageConfig, cache: string): Upload[] {
  const image = guestImage(config, cache, catalogOf(stacks).recipes);
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

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof ConfigError ? error.message : error);
  process.exit(1);
});
