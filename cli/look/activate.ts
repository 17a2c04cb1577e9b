import { poolName } from "../../infra/libvirt/domain";
import type { Context } from "../context/context";
import { noAnswer } from "../hypervisor/domains";
import { namesIn, virsh } from "../hypervisor/virsh";

/**
 * Starts a farm's network and pool on a hypervisor where libvirt has them, but not active: its start could not, or a person
 * stopped them. No VM starts without them.
 *
 * @returns a line for each that does not start, with libvirt's reason
 */
export async function activate(
  farm: Pick<Context, "stack" | "folders">,
  uri: string,
  now: (text: string) => void,
): Promise<string[]> {
  const name = poolName(farm.stack);
  const problems: string[] = [];
  for (const [kind, command] of [
    ["network", "net"],
    ["pool", "pool"],
  ] as const) {
    try {
      const inactive = namesIn(await virsh(farm, uri, `${command}-list`, "--inactive", "--name"));
      if (!inactive.includes(name)) continue;
      now(`starting ${kind} '${name}'`);
      await virsh(farm, uri, `${command}-start`, name);
    } catch (error) {
      problems.push(`${kind} '${name}' does not start: ${noAnswer(error)}`);
    }
  }
  return problems;
}
