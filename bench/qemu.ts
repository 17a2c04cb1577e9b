import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The QEMU processes of this machine by the names of their VMs, whoever started them. @param proc where the kernel shows processes */
export function virtualMachines(proc = "/proc"): ReadonlyMap<string, number> {
  const found = readdirSync(proc)
    .filter((entry) => /^\d+$/.test(entry))
    .map((pid) => [guestOf(commandLine(join(proc, pid))), Number(pid)] as const);
  return new Map(found.filter((entry): entry is [string, number] => entry[0] !== undefined));
}

/** The name of the VM in libvirt's command line of QEMU. */
export function guestOf(line: string): string | undefined {
  return /^\S*qemu-system\S*\0-name\0guest=([^,]+)/.exec(line)?.[1];
}

function commandLine(folder: string): string {
  try {
    return readFileSync(join(folder, "cmdline"), "utf8");
  } catch {
    // It has ended.
    return "";
  }
}
