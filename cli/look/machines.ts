import { execFile } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

/** A hypervisor that is away must not hold a run up. */
const hostMilliseconds = 30_000;

/** A VM that is being shut down is started once it is off. */
const offSeconds = 60;

/** States of each domain by its name, e.g. `running`, or why the hypervisor says nothing. */
export type Machines = ReadonlyMap<string, string> | string;

/** Asks one libvirt for all of its domains. */
export async function machinesOf(uri: string): Promise<Machines> {
  try {
    return parseList(await virsh(uri, "list", "--all"));
  } catch (error) {
    return reason(error);
  }
}

/** Reads `virsh list --all`. */
export function parseList(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split("\n").flatMap((line): [string, string][] => {
      const [, name, state] = /^\s*\S+\s+(\S+)\s+(.+?)\s*$/.exec(line) ?? [];
      return name && state ? [[name, state]] : [];
    }),
  );
}

/** Starts a VM that is off, or lets one go on that is paused, e.g. since its disk could not grow; the reason if it fails. */
export async function start(uri: string, domain: string, state: string): Promise<string | undefined> {
  const deadline = Date.now() + offSeconds * 1000;
  const verb = state === "paused" ? "resume" : state === "pmsuspended" ? "dompmwakeup" : "start";
  for (;;) {
    try {
      await virsh(uri, verb, domain);
      return undefined;
    } catch (error) {
      if (state !== "in shutdown" || Date.now() >= deadline) return reason(error);
      await sleep(1000);
    }
  }
}

async function virsh(uri: string, ...args: readonly string[]): Promise<string> {
  return (await promisify(execFile)("virsh", ["-q", "-c", uri, ...args], { timeout: hostMilliseconds })).stdout;
}

function reason(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const said = text.split("\n").findLast((line) => line.startsWith("error:"));
  return said?.slice("error: ".length) ?? `no answer in ${String(hostMilliseconds / 1000)} s`;
}
