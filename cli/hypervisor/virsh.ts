import type { Context } from "../context/context";
import { FarmError } from "../base/errors";
import { run } from "../process/run";
import { inFarm } from "./enter";

/** The time limit for a hypervisor that does not answer. */
const hypervisorSeconds = 30;

/**
 * The output of `virsh`.
 *
 * @param uri of the hypervisor
 * @throws FarmError with libvirt's error, or that the hypervisor does not answer
 */
export async function virsh(
  farm: Pick<Context, "stack" | "folders">,
  uri: string,
  ...args: readonly string[]
): Promise<string> {
  const argv = inFarm(farm, ["virsh", "-q", "-c", uri, ...args]);
  const { status, stdout, stderr } = await run(argv, { timeoutSeconds: hypervisorSeconds });
  if (status === 0) return stdout;
  const reason = stderr.split("\n").findLast((line) => line.startsWith("error:"));
  throw new FarmError(reason?.slice("error:".length).trim() ?? `no answer in ${String(hypervisorSeconds)} s`);
}

/** Whether a `virsh` command succeeds. */
export async function virshSucceeds(...args: Parameters<typeof virsh>): Promise<boolean> {
  return virsh(...args).then(
    () => true,
    (error: unknown) => {
      if (error instanceof FarmError) return false;
      throw error;
    },
  );
}
