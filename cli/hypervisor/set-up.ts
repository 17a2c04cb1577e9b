import type { Context } from "../context/context";
import { FarmError } from "../base/errors";
import type { Progress } from "../report/reporter";
import { namespaceOf } from "./enter";
import { startIsolated } from "./isolated";
import { isRunning } from "./namespace";
import { decideMode, systemAnswers } from "./system";

/**
 * Makes sure that the farm's hypervisor runs.
 *
 * @param check checks the hypervisors of the configuration
 * @returns the note of the step's line
 * @throws FarmError
 */
export async function setUpHypervisor(
  context: Context,
  progress: Pick<Progress, "now">,
  check: () => Promise<void>,
): Promise<string> {
  if ((await decideMode(context)) === "system") {
    if (!(await systemAnswers(context)))
      throw new FarmError(
        "qemu:///system does not answer: start libvirtd (systemctl start libvirtd); a farm that is not built yet can also have its own, with --isolated",
      );
    await check();
    return "the system's libvirt";
  }
  if (!(await isRunning(context))) {
    progress.now(`starting libvirt in namespace ${namespaceOf(context)}`);
    await startIsolated(context);
  }
  await check();
  return `isolated in namespace ${namespaceOf(context)}`;
}

/** Starts the farm's isolated libvirt if it uses one; plain Pulumi needs no more. */
export async function startHypervisor(context: Context): Promise<void> {
  if ((await decideMode(context)) === "system" || (await isRunning(context))) return;
  await context.report.step("hypervisor", async (progress) => {
    progress.now(`starting libvirt in namespace ${namespaceOf(context)}`);
    await startIsolated(context);
    return `isolated in namespace ${namespaceOf(context)}`;
  });
}
