import { setTimeout as sleep } from "node:timers/promises";
import type { Context } from "../context";
import { FarmError } from "../errors";
import { virsh } from "../hypervisor/virsh";

type Farm = Pick<Context, "stack" | "folders">;

/** A VM that is being shut down is started once it is off. */
const offSeconds = 60;

/** States of each domain by its name, e.g. `running`, or why the hypervisor does not answer. */
export type Machines = ReadonlyMap<string, string> | string;

/** Asks one libvirt for all of its domains. */
export async function machinesOf(farm: Farm, uri: string): Promise<Machines> {
  try {
    return parseList(await virsh(farm, uri, "list", "--all"));
  } catch (error) {
    return reasonOf(error);
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
export async function start(farm: Farm, uri: string, domain: string, state: string): Promise<string | undefined> {
  const deadline = Date.now() + offSeconds * 1000;
  const verb = state === "paused" ? "resume" : state === "pmsuspended" ? "dompmwakeup" : "start";
  for (;;) {
    try {
      await virsh(farm, uri, verb, domain);
      return undefined;
    } catch (error) {
      if (state !== "in shutdown" || Date.now() >= deadline) return reasonOf(error);
      await sleep(1000);
    }
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof FarmError) return error.message;
  throw error;
}
