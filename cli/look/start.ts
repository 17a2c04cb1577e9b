import { setTimeout as sleep } from "node:timers/promises";
import type { Context } from "../context/context";
import { noAnswer } from "../hypervisor/domains";
import { virsh } from "../hypervisor/virsh";

type Farm = Pick<Context, "stack" | "folders">;

/** Commands of virsh by state; `start` in all others. */
const verbs: Readonly<Record<string, string>> = { paused: "resume", pmsuspended: "dompmwakeup", panicked: "reset" };

/** How long a VM may take to shut down before it is started. */
const offSeconds = 60;

/**
 * Starts a VM that is off, resumes one that is paused, e.g. since the pool was full, or resets one whose kernel has panicked. Returns the error
 * if it fails.
 */
export async function start(farm: Farm, uri: string, domain: string, state: string): Promise<string | undefined> {
  const deadline = Date.now() + offSeconds * 1000;
  const verb = verbs[state] ?? "start";
  for (;;) {
    try {
      await virsh(farm, uri, verb, domain);
      return undefined;
    } catch (error) {
      if (state !== "in shutdown" || Date.now() >= deadline) return noAnswer(error);
      await sleep(1000);
    }
  }
}
