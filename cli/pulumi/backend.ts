import { join } from "node:path";
import type { Context } from "../context/context";

const scheme = "file://";

/** The folder of a backend on this machine, or undefined for a remote one. */
export function backendFolder({ PULUMI_BACKEND_URL: url = "" }: Context["environment"]): string | undefined {
  return url.startsWith(scheme) ? url.slice(scheme.length) : undefined;
}

type Stack = Pick<Context, "environment" | "stack">;

/** The folders of a backend on this machine that have files of a stack. */
interface StackFolders {
  /** All of the backend's. */
  readonly all: string;
  /** The states of all stacks. */
  readonly states: string;
  readonly locks: string;
  readonly history: string;
}

/** The folders of a stack, or undefined for a remote backend; each may be missing. */
export function stackFolders({ environment, stack }: Stack): StackFolders | undefined {
  const backend = backendFolder(environment);
  if (backend === undefined) return undefined;
  const all = join(backend, ".pulumi");
  return {
    all,
    states: join(all, "stacks", "swarm-farm"),
    locks: join(all, "locks", "organization", "swarm-farm", stack),
    history: join(all, "history", "swarm-farm", stack),
  };
}

/** The file of a stack's state, or undefined for a remote backend. */
export function stateFile(of: Stack): string | undefined {
  const folders = stackFolders(of);
  return folders && join(folders.states, `${of.stack}.json`);
}
