import { networkInterfaces, totalmem } from "node:os";
import { z } from "zod";
import type { HostFacts } from "../../../infra/config/host-check";
import { isLocal } from "../../../infra/config/primitives";
import type { FarmConfig } from "../../../infra/config/schema";
import { bridgeName } from "../../../infra/libvirt/domain";
import type { Context } from "../../context/context";
import { inFarm } from "../../hypervisor/enter";
import { output } from "../../process/run";

const bytesPerMiB = 1024 ** 2;

type Network = HostFacts["networks"][number];

/** Whether any node may run on this machine. */
export function runsHere({ hosts }: Pick<FarmConfig, "hosts">): boolean {
  return Object.values(hosts).some(({ uri }) => isLocal(uri));
}

/** The memory of this machine. */
export function memoryMiB(): number {
  return Math.floor(totalmem() / bytesPerMiB);
}

/** The networks of this process's namespace, without the farm's own. */
export function networksHere(stack: string): Network[] {
  const all = Object.entries(networkInterfaces()).flatMap(([name, addresses = []]) =>
    addresses.flatMap(({ family, cidr }) => (family === "IPv4" && cidr ? [{ interface: name, cidr }] : [])),
  );
  return withoutOwn(all, stack);
}

const Interfaces = z.array(
  z.object({ ifname: z.string(), addr_info: z.array(z.object({ local: z.string(), prefixlen: z.int() })) }),
);

/** The networks of the hypervisor's namespace, without the farm's own. @throws FarmError, CommandError */
export async function networksOfHypervisor(
  context: Pick<Context, "stack" | "folders" | "environment">,
): Promise<Network[]> {
  const answer = await output(inFarm(context, ["ip", "-json", "-4", "address"]), { env: context.environment });
  const all = Interfaces.parse(JSON.parse(answer)).flatMap(({ ifname, addr_info }) =>
    addr_info.map(({ local, prefixlen }) => ({ interface: ifname, cidr: `${local}/${String(prefixlen)}` })),
  );
  return withoutOwn(all, context.stack);
}

function withoutOwn(networks: readonly Network[], stack: string): Network[] {
  const own = bridgeName(stack);
  return networks.filter(({ interface: name }) => name !== own);
}
