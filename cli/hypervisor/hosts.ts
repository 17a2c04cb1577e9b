import { z } from "zod";
import { readStackFile, StackFileError } from "../../infra/config/stack-file";
import type { Context } from "../context/context";
import { FarmError } from "../base/errors";

const Hosts = z.record(z.string(), z.object({ uri: z.string() }));

/** The default of the key `hosts`. */
const standard: Readonly<Record<string, string>> = { local: "qemu:///system" };

/**
 * URIs of the hypervisors of the configuration by name. The rest is not checked, since `recover` and `restore` work with an
 * invalid configuration.
 *
 * @throws FarmError if Pulumi.STACK.yaml cannot be read, or its hosts have no URI
 */
export function hostUris({
  repository,
  stack,
}: Pick<Context, "repository" | "stack">): Readonly<Record<string, string>> {
  try {
    const hosts = readStackFile(repository, stack).raw.hosts ?? {};
    const parsed = Hosts.safeParse(hosts);
    if (!parsed.success) throw new FarmError(`Pulumi.${stack}.yaml: each entry of 'hosts' needs a 'uri'`);
    const uris = Object.entries(parsed.data).map(([name, { uri }]) => [name, uri] as const);
    return uris.length === 0 ? standard : Object.fromEntries(uris);
  } catch (error) {
    if (error instanceof StackFileError) throw new FarmError(error.message);
    throw error;
  }
}
