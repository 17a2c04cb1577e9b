import type * as pulumi from "@pulumi/pulumi";
import type { FarmNode } from "../libvirt/farm";
import type { SshClient } from "../remote/ssh-files";
import { scripts } from "./scripts";
import { localCommand } from "../remote/local-command";

interface BootArgs {
  readonly node: FarmNode;
  readonly ssh: SshClient;
}

/** Time for a node under software emulation, four at once on two cores, to boot. */
const bootTimeoutSeconds = 600;

/**
 * Waits until a new VM answers ssh with its own host key and its Docker answers. When it is deleted and the disk is kept, e.g.
 * for more memory, it stops Docker: libvirt destroys the domain, and the last half minute of writes would be lost.
 */
export function bootAndShutdown(name: string, { node, ssh }: BootArgs, parent: pulumi.Resource): pulumi.Resource {
  const NODE = node.plan.name;
  const { host, uri, domain, poolPath, consoleLog } = node.vm.location;
  const vm = { FARM: ssh.farm, NODE, URI: uri, DOMAIN: domain };
  return localCommand(
    `${name}-power`,
    {
      create: scripts("boot.sh", {
        ...vm,
        HOST: host,
        POOL_PATH: poolPath,
        CONSOLE_LOG: consoleLog,
        TIMEOUT: bootTimeoutSeconds,
        WAIT_FOR_DOCKER: scripts("wait-for-docker.sh", { NODE }),
      }),
      delete: node.vm.domain.id.apply((id) => scripts("shutdown.sh", { ...vm, ID: id })),
      triggers: [node.vm.domain.id],
    },
    {
      parent,
      dependsOn: ssh.reaching(NODE),
      // If the disk is deleted too, nothing has to be written.
      deletedWith: node.vm.disk,
      // Its name in farms of earlier versions. Without the alias it would be deleted and stop Docker on every node.
      aliases: [{ name: `${name}-settle` }],
    },
  );
}
