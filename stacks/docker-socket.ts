import * as pulumi from "@pulumi/pulumi";
import { swarmCommand } from "../infra/remote/swarm-command";
import type { BindMount } from "../infra/service/spec/mounts";
import type { Swarm } from "../infra/swarm/swarm";

const path = "/var/run/docker.sock";

/** A node's Docker, for those few services that have to ask it. */
export const dockerSocket = { type: "bind", source: path, target: path } as const satisfies BindMount;

/** Nobody in particular. */
export const nobody = "65534:65534";

/** The number of the group that may use the socket: another one on another image of a node, and the same on all nodes. */
export function socketGroup(name: string, swarm: Swarm, parent: pulumi.Resource): pulumi.Output<string> {
  const group = swarmCommand(
    `${name}-socket-group`,
    { shell: swarm.shell, create: `stat -L -c %g ${path}`, triggers: [swarm.clusterId] },
    { parent, deletedWith: swarm.deletedWith },
  );
  return pulumi.unsecret(group.stdout);
}
