import type { Context } from "../context/context";

const scheme = "file://";

/** The folder of a backend on this machine, or undefined for a remote one. */
export function backendFolder({ PULUMI_BACKEND_URL: url = "" }: Context["environment"]): string | undefined {
  return url.startsWith(scheme) ? url.slice(scheme.length) : undefined;
}
