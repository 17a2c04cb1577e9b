import type { Context } from "../context/context";

const scheme = "file://";

/** The folder of a backend that lies on this machine, or undefined where it is a service's. */
export function backendFolder({ PULUMI_BACKEND_URL: url = "" }: Context["environment"]): string | undefined {
  return url.startsWith(scheme) ? url.slice(scheme.length) : undefined;
}
