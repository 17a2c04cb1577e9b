import * as pulumi from "@pulumi/pulumi";
import { swarmCommand } from "../../infra/remote/swarm-command";
import type { BindMount } from "../../infra/service/spec/mounts";
import type { Swarm } from "../../infra/swarm/swarm";

const path = "/var/run/docker.sock";

/** The mount of a node's Docker socket, for the few services that need Docker's API. */
export const dockerSocket = { type: "bind", source: path, target: path } as const satisfies BindMount;

/** The user nobody. */
export const nobody = "65534:65534";

/** The number of the group that may use the socket. It depends on the guest image, and must be the same on all nodes. */
export function socketGroup(
  name: string,
  { swarm }: { readonly swarm: Swarm },
  parent: pulumi.Resource,
): pulumi.Output<string> {
  const group = swarmCommand(
    `${name}-socket-group`,
    { shell: swarm.shell, create: `stat -L -c %g ${path}`, triggers: [swarm.clusterId] },
    { parent, deletedWith: swarm.deletedWith },
  );
  return pulumi.unsecret(group.stdout);
}
