import { leastFreePercent } from "../../infra/config/free-disk";
import { poolName, poolPath } from "../../infra/libvirt/domain";
import type { FarmPlan } from "../../infra/net/plan";
import { FarmError } from "../base/errors";
import { virsh } from "../hypervisor/virsh";
import { ask, type Farm } from "../nodes/ask";
import { nodeSeconds } from "./ask-nodes";
import type { Finding } from "./diagnose";

/** A file system of a node, or a hypervisor's pool. */
export interface Disk {
  /** Where it is mounted, or the pool's folder. */
  readonly path: string;
  readonly sizeBytes: number;
  readonly freeBytes: number;
}

/** With less free space Docker cannot pull images, and updates fail. */
const fullPercent = 2;

/** The folders to check on a node: its root, and Docker's data, which may be on another disk. */
const nodeFolders = ["/", "/var/lib/docker"];

/**
 * Disks of nodes and hypervisors with little free space. Those that do not answer are left out.
 *
 * @param signal ends the connections. Default: only the deadline of each does
 */
export async function diskFindings(farm: Farm, plan: FarmPlan, signal?: AbortSignal): Promise<Finding[]> {
  const until = signal && { signal };
  const df = `df -Pk ${nodeFolders.join(" ")}`;
  const nodes = plan.nodes.map(async ({ name }) => {
    const answer = await orNothing(
      ask(farm, name, df, { timeoutSeconds: nodeSeconds, ...until }).then(({ stdout }) => stdout),
    );
    return parseDf(answer).flatMap((disk) => nodeFinding(name, disk));
  });
  const pools = Object.entries(plan.hosts).map(async ([host, { uri }]) => {
    const answer = await orNothing(virsh({ ...farm, ...until }, uri, "pool-info", "--bytes", poolName(plan.farm)));
    return parsePool(answer, poolPath(plan.farm)).flatMap((disk) => poolFinding(host, disk));
  });
  return (await Promise.all([...nodes, ...pools])).flat();
}

/** Reads what `df -Pk` prints; folders on one file system are one disk. */
export function parseDf(text: string): Disk[] {
  const disks = text.split("\n").flatMap((line): [string, Disk][] => {
    const [, device = "", size, free, path = ""] = /^(\S+)\s+(\d+)\s+\d+\s+(\d+)\s+\d+%\s+(.+)$/.exec(line) ?? [];
    return size === undefined
      ? []
      : [[device, { path, sizeBytes: Number(size) * 1024, freeBytes: Number(free) * 1024 }]];
  });
  const once = new Map<string, Disk>();
  for (const [device, disk] of disks) if (!once.has(device)) once.set(device, disk);
  return [...once.values()];
}

/**
 * Reads what `virsh pool-info --bytes` prints.
 *
 * @param path the pool's folder
 */
export function parsePool(text: string, path: string): Disk[] {
  const value = (key: string) => Number(new RegExp(`^${key}:\\s+(\\d+)`, "m").exec(text)?.[1] ?? 0);
  const sizeBytes = value("Capacity");
  return sizeBytes > 0 ? [{ path, sizeBytes, freeBytes: value("Available") }] : [];
}

/** @param node the name of the node that has the disk */
export function nodeFinding(node: string, disk: Disk): Finding[] {
  const percent = freePercent(disk);
  if (percent >= leastFreePercent) return [];
  const free = `${spaceOf(disk)} of '${disk.path}' free`;
  const what =
    percent < fullPercent
      ? `${node}: its disk is full, ${free}: it can pull no image and write no data`
      : `${node}: its disk is nearly full, ${free}`;
  return [
    {
      what,
      byHand: `./farm ssh ${node} docker system df shows what takes it, ./farm ssh ${node} docker image prune -af removes images that no container has; a larger nodes.${node}.diskGiB replaces the node and its data`,
    },
  ];
}

/** @param host the name of the hypervisor that has the pool */
export function poolFinding(host: string, disk: Disk): Finding[] {
  if (freePercent(disk) >= leastFreePercent) return [];
  return [
    {
      what: `hosts.${host}: the disk of its pool ${disk.path} is nearly full, ${spaceOf(disk)} free: virtual machines whose disks cannot grow are paused`,
      byHand: "make room on that host",
    },
  ];
}

function freePercent({ sizeBytes, freeBytes }: Disk): number {
  return sizeBytes > 0 ? (100 * freeBytes) / sizeBytes : 100;
}

function spaceOf(disk: Disk): string {
  return `${String(Math.floor(freePercent(disk)))} % (${String(Math.floor(disk.freeBytes / 1024 ** 2))} MiB)`;
}

async function orNothing(answer: Promise<string>): Promise<string> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof FarmError) return "";
    throw error;
  }
}
