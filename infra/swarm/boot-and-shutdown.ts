import * as command from "@pulumi/command";
import type * as pulumi from "@pulumi/pulumi";
import type { FarmNode } from "../libvirt/farm";
import type { SshClient } from "../remote/ssh-files";
import { scripts } from "./scripts";

/** Time for a node under software emulation, four at once on two cores, to boot. */
const bootTimeoutSeconds = 600;

/**
 * Waits until a new VM answers ssh with its own host key and its Docker answers. Deleted, it shuts Docker down before the VM
 * is switched off while its disk stays, e.g. for more memory: libvirt pulls the plug, and the writes of the last half minute
 * would be lost.
 */
export function bootAndShutdown(node: FarmNode, client: SshClient, parent: pulumi.Resource): pulumi.Resource {
  const { name } = node.plan;
  const { host, uri, domain, poolPath, consoleLog } = node.vm.location;
  const vm = { FARM: client.farm, NODE: name, URI: uri, DOMAIN: domain };
  return new command.local.Command(
    `${name}-power`,
    {
      create: scripts("boot.sh", {
        ...vm,
        HOST: host,
        POOL_PATH: poolPath,
        CONSOLE_LOG: consoleLog,
        TIMEOUT: bootTimeoutSeconds,
        WAIT_FOR_DOCKER: scripts("wait-for-docker.sh", { NODE: name }),
      }),
      delete: node.vm.domain.id.apply((id) => scripts("shutdown.sh", { ...vm, ID: id })),
      triggers: [node.vm.domain.id],
      logging: "none",
    },
    {
      parent,
      dependsOn: client.reaching(name),
      // If the disk is deleted too, there is nothing to lose.
      deletedWith: node.vm.disk,
      deleteBeforeReplace: true,
      // Its name in older farms: taken for a deleted resource, it would shut Docker down on every node.
      aliases: [{ name: `${name}-settle` }],
    },
  );
}
