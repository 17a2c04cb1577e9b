import type { Context } from "../context/context";
import { FarmError } from "../base/errors";
import { run, type Result } from "../process/run";
import { inFarm } from "./enter";

/** The time limit for a hypervisor that does not answer. */
const hypervisorSeconds = 30;

/** Messages and states of a domain are read: in the person's language they are other words. */
const english = { LC_ALL: "C" } as const;

/** Where `virsh` runs, and what ends it early. */
type Farm = Pick<Context, "stack" | "folders"> & Partial<Pick<Context, "signal">>;

/**
 * The output of `virsh`, in English.
 *
 * @param uri of the hypervisor
 * @throws FarmError with libvirt's error, or that the hypervisor does not answer
 */
export async function virsh(farm: Farm, uri: string, ...args: readonly string[]): Promise<string> {
  const { signal } = farm;
  const argv = inFarm(farm, ["virsh", "-q", "-c", uri, ...args]);
  const options = { env: english, timeoutSeconds: hypervisorSeconds, ...(signal && { signal }) };
  const result = await run(argv, options);
  if (result.status === 0) return result.stdout;
  throw new FarmError(reasonOf(result));
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

/** The first word of each line that `virsh` prints: the names of a list. */
export function namesIn(list: string): string[] {
  return list.split("\n").flatMap((line) => line.trim().split(/\s+/, 1).filter(Boolean));
}

/** The last of libvirt's errors says most; what is no libvirt error is that of `nsenter`, or of the loader. */
function reasonOf({ status, stderr }: Result): string {
  const lines = stderr.split("\n").filter((line) => line.trim() !== "");
  const reason = lines.findLast((line) => line.startsWith("error:"))?.slice("error:".length) ?? lines.at(-1) ?? "";
  if (reason.trim() !== "") return reason.trim();
  if (status === 127) return "virsh is not installed: ./farm setup installs it";
  return status === 143 ? `no answer in ${String(hypervisorSeconds)} s` : `virsh ended with ${String(status)}`;
}
