import type * as docker from "@pulumi/docker";
import type { Texts } from "./text";

/** Where Docker writes what tasks print. */
export interface Logging {
  /** A logging driver of Docker, e.g. `json-file`, `journald`, `none`. */
  readonly driver: string;
  /** The driver's options, e.g. `{ "max-size": "10m" }`. Default: none. */
  readonly options?: Texts;
}

/** Options in the order given: the waits for services of existing farms have a digest with it. */
export function logDriver({ driver, options }: Logging): docker.types.input.ServiceTaskSpecLogDriver {
  return { name: driver, options };
}
