import * as command from "@pulumi/command";
import type * as pulumi from "@pulumi/pulumi";
import type { FarmNode } from "../libvirt/farm";
import type { SshClient } from "../remote/ssh-files";

/** Time for Docker to stop its containers, which it gives 10 s each unless a service says otherwise, and for its data to be written. */
const settleSeconds = 90;

/**
 * Brings a node to rest before its machine is switched off while its disk stays, e.g. for more memory: libvirt pulls the
 * plug, and what was written in the last half minute would be lost. A node that is dead is not waited for.
 */
export function settle(node: FarmNode, ssh: SshClient, parent: pulumi.Resource): pulumi.Resource {
  const { name } = node.plan;
  return new command.local.Command(
    `${name}-settle`,
    {
      create: ":",
      delete: `timeout ${String(settleSeconds)} ssh -F "$CONFIG" -o ConnectTimeout=10 "$NODE" 'systemctl stop docker.socket docker.service containerd.service; sync' || true`,
      environment: { CONFIG: ssh.configFile, NODE: name },
      triggers: [node.vm.domain.id],
      logging: "none",
    },
    // A disk that goes too has nothing left to lose.
    { parent, dependsOn: ssh, deletedWith: node.vm.disk, deleteBeforeReplace: true },
  );
}
