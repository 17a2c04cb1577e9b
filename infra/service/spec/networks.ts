import type * as docker from "@pulumi/docker";
import { filled, sorted, type Text } from "./text";

/** A network by its id. The task answers there to the service's name and to `aliases`. */
export interface NetworkUse {
  readonly id: Text;
  /** Default: none besides the service's name. */
  readonly aliases?: readonly string[];
  /** Options for the network's driver. Default: none. */
  readonly driverOptions?: Readonly<Record<string, string>>;
}

/** By id: by name the provider would replace the service at every refresh. */
export function networkAttachment({
  id,
  aliases,
  driverOptions = {},
}: NetworkUse): docker.types.input.ServiceTaskSpecNetworksAdvanced {
  const options = Object.entries(sorted(driverOptions)).map(([name, value]) => `${name}=${value}`);
  return { id, aliases: aliases && [...aliases], driverOpts: filled(options) };
}
