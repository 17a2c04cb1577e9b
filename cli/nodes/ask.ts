import type { Context } from "../context/context";
import { inFarm } from "../hypervisor/enter";
import { run, type Result } from "../process/run";
import { configOf } from "./ssh";

/** The parts of a command's context that reach a node. */
export type Farm = Pick<Context, "stack" | "folders">;

interface AskOptions {
  /** The time limit. */
  readonly timeoutSeconds: number;
  /** Default: empty. */
  readonly input?: string;
  readonly signal?: AbortSignal;
}

/**
 * Runs a command on a node over a connection of its own, since a shared one may belong to a VM that has died.
 *
 * @param command for the node's shell: values are quoted by the caller
 * @throws FarmError if the farm's own libvirt does not run
 */
export async function ask(farm: Farm, node: string, command: string, options: AskOptions): Promise<Result> {
  const own = ["-o", "ControlPath=none", "-o", "ConnectTimeout=10"];
  return run(inFarm(farm, ["ssh", "-F", configOf(farm), ...own, node, command]), options);
}

/** Why a command on a node failed: the last line of its standard error. */
export function reasonOf({ status, stderr }: Result, timeoutSeconds: number): string {
  const last = stderr.trim().split("\n").at(-1) ?? "";
  if (last !== "") return last;
  return status === 143 ? `no answer in ${String(timeoutSeconds)} s` : `ssh ended with ${String(status)}`;
}
