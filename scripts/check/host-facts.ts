import { networkInterfaces, totalmem } from "node:os";
import type { HostFacts } from "../../infra/config/host-check";
import type { FarmConfig } from "../../infra/config/schema";
import { bridgeName } from "../../infra/libvirt/domain";

const bytesPerMiB = 1024 ** 2;

/** Whether any node may run on this machine. */
export function runsHere({ hosts }: FarmConfig): boolean {
  return Object.values(hosts).some(({ uri }) => isLocal(uri));
}

/** Whether a libvirt URI leads to this machine's own. */
export function isLocal(uri: string): boolean {
  return /^qemu(\+unix)?:\/\/\//.test(uri);
}

/** This machine as the calling process sees it: its networks are those of the process's namespace. */
export function hostFacts(stack: string): HostFacts {
  const own = bridgeName(stack);
  const networks = Object.entries(networkInterfaces()).flatMap(([name, addresses = []]) =>
    addresses.flatMap((address) =>
      address.family === "IPv4" && address.cidr && name !== own ? [{ interface: name, cidr: address.cidr }] : [],
    ),
  );
  return { memoryMiB: Math.floor(totalmem() / bytesPerMiB), networks };
}
