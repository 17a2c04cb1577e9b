import type { Text, Texts } from "./text";

/** A network by its id. The task answers there to the service's name and to `aliases`. */
export interface NetworkUse {
  readonly id: Text;
  /** Default: none besides the service's name. */
  readonly aliases?: readonly string[];
  /** Options for the network's driver. Default: none. */
  readonly driverOptions?: Texts;
}
