import type { NetworkObject } from "../decode/objects";
import type { ServicePart } from "../decode/part";
import type { Findings } from "../model/findings";
import { hostNetwork } from "../model/networks";
import type { ComposeService } from "../model/service";

/** The files' networks, with Docker's own where a service has `network_mode: host`. */
export function withHostNetwork(
  networks: ReadonlyMap<string, NetworkObject>,
  parts: Iterable<ServicePart>,
  findings: Findings,
): ReadonlyMap<string, NetworkObject> {
  const [use] = [...parts].flatMap((part) => part.networks.get(hostNetwork) ?? []).filter(({ isMode }) => isMode);
  if (use === undefined) return networks;
  const named = networks.get(hostNetwork);
  if (named === undefined) return new Map([...networks, [hostNetwork, dockersOwn(use)]]);
  if (!named.external || (named.name ?? hostNetwork) !== hostNetwork)
    findings.refuse(use.at, use.path, `'${hostNetwork}' is another network in this file`, "give that one another key");
  return networks;
}

function dockersOwn({ at, path }: Pick<NetworkObject, "at" | "path">): NetworkObject {
  const none = { labels: new Map<string, string>(), driverOpts: new Map<string, string>(), subnets: [] };
  return { at, path, external: true, internal: false, attachable: false, ...none };
}

/** Docker creates no container that is on the node's network and on another; the routing mesh has one of its own. */
export function checkHostNetwork({ key, networks, ports }: ComposeService, findings: Findings): void {
  if (!networks.some(({ name }) => name === hostNetwork)) return;
  for (const { name, network, at } of networks)
    if (name !== hostNetwork)
      findings.refuse(
        at,
        `services.${key}.networks`,
        `a task on the node's network, '${hostNetwork}', cannot be on '${network}' too`,
        "keep one of the two",
      );
  for (const { target, at } of ports)
    findings.refuse(
      at,
      `services.${key}.ports`,
      `a task on the node's network, '${hostNetwork}', listens on ports of the node, and none is published`,
      `remove the port; it is reached at port ${String(target)} of the nodes that run the task`,
    );
}
