import { existsSync } from "node:fs";
import { join } from "node:path";
import { managerHost } from "../../infra/remote/manager-host";
import type { Context } from "../context/context";
import { inFarm } from "../hypervisor/enter";
import type { Argv } from "../process/run";

/** A host name in the farm's ssh configuration: the first manager that responds. */
export const anyManager = managerHost();

/** Whether this machine can reach nodes: before the first `up` there are none. */
export function hasNodes(context: Pick<Context, "folders">): boolean {
  return existsSync(configOf(context));
}

/** The configuration of ssh with the farm's nodes. */
export function configOf({ folders }: Pick<Context, "folders">): string {
  return join(folders.state, "ssh", "config");
}

/**
 * The command that runs another one on a node, as root.
 *
 * @param host a node's name, or `anyManager`
 * @param command for the node's shell: values are quoted by the caller
 */
export function onNode(context: Pick<Context, "stack" | "folders">, host: string, ...command: readonly string[]): Argv {
  return inFarm(context, ["ssh", "-F", configOf(context), host, ...command]);
}
