import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { consoleFolder } from "../../infra/libvirt/domain";
import type { Context } from "../context/context";
import { FarmError } from "../base/errors";
import { output, run } from "../process/run";
import { needSpace } from "../base/space";
import { waitFor } from "../report/wait-for";
import { stopEgress } from "./egress";
import { inFarm, namespaceOf } from "./enter";
import { hasNamespace, processesOf } from "./namespace";
import { processName } from "./system";

type Farm = Pick<Context, "stack" | "folders">;

/** Folders that the farm's libvirt has for itself. */
const privateFolders = [
  "/etc/libvirt",
  "/var/lib/libvirt",
  "/var/cache/libvirt",
  "/var/log/libvirt",
  "/run/libvirt",
] as const;

/** Free space for the disks of a small farm. */
const neededMiB = 3000;

const startSeconds = 30;
const stopSeconds = 15;

/**
 * Starts a libvirt in network and mount namespaces of its own, without changes on the host. Programs in these namespaces find it at
 * qemu:///system.
 *
 * @throws FarmError if the disk has too little free space, or libvirtd does not answer
 */
export async function startIsolated(farm: Farm): Promise<void> {
  const home = join(farm.folders.state, "libvirt");
  const { logs } = farm.folders;
  const namespace = namespaceOf(farm);
  for (const folder of [home, logs]) mkdirSync(folder, { recursive: true });
  needSpace(farm.folders.state, neededMiB, "a farm's disks");
  if (!(await hasNamespace(farm))) await output(["ip", "netns", "add", namespace]);
  await output(["ip", "netns", "exec", namespace, "ip", "link", "set", "lo", "up"]);
  const script = ["sh", join(__dirname, "start-isolated.sh"), home, join(logs, "libvirtd.log")] as const;
  const survivor = await survivorOf(farm);
  if (survivor === undefined) {
    prepare(home);
    await removeBridges(farm);
    await output([
      ...(["ip", "netns", "exec", namespace, "unshare", "--mount", "--propagation", "private"] as const),
      ...script,
      ...privateFolders,
    ]);
  } else {
    // VMs outlive a libvirtd that died; the next one finds them by the files in its run folder.
    await output(["nsenter", "--target", String(survivor), "--mount", "--net", "--", ...script]);
  }
  await waitFor(startSeconds, `libvirtd in namespace ${namespace}, see ${join(logs, "libvirtd.log")}`, () =>
    answers(farm),
  );
}

/** libvirt starts no network whose bridge is there already, and no VM without its network. */
async function removeBridges(farm: Farm): Promise<void> {
  const ip = ["ip", "-n", namespaceOf(farm)] as const;
  const links = await output([...ip, "-o", "link", "show", "type", "bridge"]);
  for (const [, bridge] of links.matchAll(/^\d+: ([^:@]+)/gm))
    if (bridge !== undefined) await output([...ip, "link", "delete", bridge]);
}

async function answers(farm: Farm): Promise<boolean> {
  try {
    const argv = inFarm(farm, ["virsh", "-q", "-c", "qemu:///system", "version"]);
    return (await run(argv, { timeoutSeconds: startSeconds })).status === 0;
  } catch (error) {
    if (error instanceof FarmError) return false;
    throw error;
  }
}

/** Creates the folders of the farm's libvirt. */
function prepare(home: string): void {
  // Sockets and process ids of an earlier libvirt are invalid.
  for (const left of ["run/libvirt", "virtlogd.pid", "libvirtd.pid"])
    rmSync(join(home, left), { recursive: true, force: true });
  for (const folder of privateFolders) {
    mkdirSync(join(home, folder), { recursive: true });
    mkdirSync(folder, { recursive: true });
  }
  // The folder of console logs must exist before the first VM starts.
  mkdirSync(join(home, consoleFolder), { recursive: true });
  // QEMU runs as root: the disks are below a home folder that no other user may read.
  writeFileSync(join(home, "etc/libvirt/qemu.conf"), 'security_driver = "none"\nuser = "root"\ngroup = "root"\n');
}

/** A process that still runs in the farm's namespace, with libvirt's private folders. */
export async function survivorOf(farm: Farm): Promise<number | undefined> {
  return (await processesOf(farm)).find((pid) => /^(virtlogd|qemu-system.*|dnsmasq)$/.test(processName(pid) ?? ""));
}

/** Ends the farm's way out, its VMs, its libvirt and its namespace, and removes their files. */
export async function stopIsolated(farm: Farm): Promise<void> {
  // pasta lives outside of the namespace, and would keep it.
  await stopEgress(farm);
  if (await hasNamespace(farm)) {
    // VMs, libvirtd, virtlogd, dnsmasq, shared ssh connections.
    for (const pid of await processesOf(farm)) end(pid, "SIGTERM");
    try {
      const isEmpty = async () => (await processesOf(farm)).length === 0;
      await waitFor(stopSeconds, "the namespace to be empty", isEmpty);
    } catch (error) {
      if (!(error instanceof FarmError)) throw error;
      for (const pid of await processesOf(farm)) end(pid, "SIGKILL");
    }
    await output(["ip", "netns", "del", namespaceOf(farm)]);
  }
  for (const left of ["libvirt", "hypervisor"])
    rmSync(join(farm.folders.state, left), { recursive: true, force: true });
}

function end(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // It has ended by itself.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
