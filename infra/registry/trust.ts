import type * as pulumi from "@pulumi/pulumi";
import type { Authority } from "../keys/authority";
import type { FarmNode } from "../libvirt/farm";
import { remoteCommand } from "../remote/command";
import { script, shellQuote } from "../remote/shell";
import type { Swarm } from "../swarm/swarm";

interface TrustArgs {
  readonly node: FarmNode;
  /** The registry's, as images are called by them. */
  readonly addresses: readonly string[];
  readonly authority: Authority;
  readonly swarm: Swarm;
}

/** A node's Docker takes the registry's certificate for a right one; it reads the file at every pull. */
export function trust(name: string, args: TrustArgs, parent: pulumi.Resource): pulumi.Resource {
  const { node, addresses, authority, swarm } = args;
  const folders = addresses.map((address) => shellQuote(`/etc/docker/certs.d/${address}`));
  return remoteCommand(
    name,
    {
      on: node.access,
      create: script(
        `mkdir -p ${folders.join(" ")}`,
        `tee ${folders.map((folder) => `${folder}/ca.crt`).join(" ")} >/dev/null`,
      ),
      stdin: authority.cert,
      triggers: [node.vm.domain.id],
    },
    { parent, dependsOn: swarm.dockers.get(node.plan.name), deletedWith: node.vm.domain },
  );
}
