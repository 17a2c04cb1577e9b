import { join } from "node:path";
import { managerHost } from "../../infra/remote/manager-host";
import type { Context } from "../context/context";
import { inFarm } from "../hypervisor/enter";
import type { Argv } from "../process/run";

/** A host name in the farm's ssh configuration: the first manager that responds. */
export const anyManager = managerHost();

/**
 * The command that runs another one on a node, as root.
 *
 * @param host a node's name, or `anyManager`
 * @param command for the node's shell: values are quoted by the caller
 */
export function onNode(context: Pick<Context, "stack" | "folders">, host: string, ...command: readonly string[]): Argv {
  return inFarm(context, ["ssh", "-F", join(context.folders.state, "ssh", "config"), host, ...command]);
}
