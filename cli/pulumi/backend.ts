import { join } from "node:path";
import type { Context } from "../context/context";

const scheme = "file://";

/** The folder of a backend on this machine, or undefined for a remote one. */
export function backendFolder({ PULUMI_BACKEND_URL: url = "" }: Context["environment"]): string | undefined {
  return url.startsWith(scheme) ? url.slice(scheme.length) : undefined;
}

/** The file of a stack's state, or undefined for a remote backend. */
export function stateFile({ environment, stack }: Pick<Context, "environment" | "stack">): string | undefined {
  const folder = backendFolder(environment);
  return folder === undefined ? undefined : join(folder, ".pulumi", "stacks", "swarm-farm", `${stack}.json`);
}
