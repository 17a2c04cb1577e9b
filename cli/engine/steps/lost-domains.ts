import { z } from "zod";
import type { Context } from "../../context/context";
import { inFarm } from "../../hypervisor/enter";
import { domainStates } from "../../hypervisor/domains";
import { output } from "../../process/run";
import type { Resource } from "../../pulumi/state";

type Farm = Pick<Context, "stack" | "folders" | "report">;

/** A VM of the state. */
export interface KnownDomain {
  readonly uri: string;
  readonly name: string;
  readonly id: string;
}

const Provider = z.object({ uri: z.string() });

/** The VMs of a state, with the hypervisor that each is on. */
export function domainsIn(state: readonly Resource[]): KnownDomain[] {
  const uris = new Map(
    state.flatMap(({ urn, inputs }) => {
      const { success, data } = Provider.safeParse(inputs);
      return success ? [[urn, data.uri] as const] : [];
    }),
  );
  return state.flatMap(({ type, provider = "", id = "", outputs }) => {
    const uri = uris.get(provider.replace(/::[^:]*$/, ""));
    return type === "libvirt:index/domain:Domain" && uri !== undefined ? [{ uri, name: String(outputs.name), id }] : [];
  });
}

/**
 * Defines an empty VM in place of each missing one: the provider fails to delete a VM that is missing, and after a refresh Pulumi
 * would delete one by one what is `deletedWith` it.
 */
export async function defineLostDomains(farm: Farm, state: readonly Resource[]): Promise<void> {
  const expected = domainsIn(state);
  for (const uri of new Set(expected.map((domain) => domain.uri))) {
    const found = await domainStates(farm, uri);
    // Nothing is known of the VMs of a hypervisor that does not answer.
    if (typeof found === "string") continue;
    for (const domain of expected.filter((each) => each.uri === uri && !found.has(each.name))) {
      await output(inFarm(farm, ["sh", "-c", define, "sh", uri]), { input: placeholder(domain) });
      farm.report.say(`libvirt had no domain ${domain.name} any more`);
    }
  }
}

/** virsh opens a file; Node.js gives a program a socket, which cannot be opened, and a shell's pipe can. */
const define = 'cat | virsh -q -c "$1" define /dev/stdin';

function placeholder({ name, id }: KnownDomain): string {
  return `<domain type='qemu'><name>${name}</name><uuid>${id}</uuid><memory>1024</memory><os><type>hvm</type></os></domain>\n`;
}
