import * as pulumi from "@pulumi/pulumi";
import type { FarmNode } from "../libvirt/farm";
import type { SshClient } from "../remote/ssh-files";
import { sameIdentity, swarmCommand } from "../remote/swarm-command";
import { scripts } from "./scripts";

/** A node, and the swarm that it is part of. */
interface MembershipContext {
  readonly node: FarmNode;
  readonly ssh: SshClient;
  /** When this is deleted, the swarm is deleted with it, without a command. */
  readonly deletedWith: pulumi.Resource;
  /** The swarm's id: a node joins again when it changes. */
  readonly clusterId: pulumi.Output<string>;
}

interface SwarmMemberArgs extends MembershipContext {
  /** Secret. */
  readonly token: pulumi.Output<string>;
  /** Created when the node's Docker answers. */
  readonly booted: pulumi.Resource;
}

/** A node's membership of the swarm: created by joining, deleted by draining and removing it. */
export class SwarmMember {
  /** Created when the managers see the node as ready. */
  readonly ready: pulumi.Resource;
  /** Its id in the swarm: a node with another id has no settings yet. */
  readonly id: pulumi.Output<string>;

  constructor(name: string, args: SwarmMemberArgs, parent: pulumi.Resource) {
    const { node, ssh } = args;
    const { name: NODE, address, role } = node.plan;
    const { consoleLog } = node.vm.location;
    // Their parents in farms of earlier versions. Without aliases the old ones would be deleted last and remove the node.
    const aliases = [{ parent: pulumi.createUrn(name, "swarm-farm:swarm:SwarmMember", parent) }];

    const join = swarmCommand(
      `${name}-join`,
      {
        shell: ssh,
        after: [args.booted],
        create: scripts("join.sh", { NODE, ADDRESS: address }),
        run: { farm: ssh.farm, on: NODE, consoleLog },
        stdin: args.token,
        triggers: [node.vm.domain.id, args.clusterId],
      },
      // The managers remove the node: its VM is about to be deleted, or already dead.
      { parent, aliases, deletedWith: node.vm.domain, ignoreChanges: sameIdentity },
    );
    this.id = pulumi.unsecret(join.stdout);
    const certificate = { on: NODE, script: scripts("worker-certificate.sh", { NODE }) };
    this.ready = swarmCommand(
      `${name}-ready`,
      {
        shell: ssh,
        after: [join],
        about: NODE,
        create: this.id.apply((id) => scripts("ready.sh", { NODE, ID: id, ROLE: role })),
        run: { farm: ssh.farm, consoleLog, ...(role === "worker" && { then: certificate }) },
        delete: scripts("remove.sh", { NODE }),
        triggers: [this.id],
      },
      // If the whole farm is deleted, nothing is drained, and dead managers block nothing.
      { parent, aliases, deletedWith: args.deletedWith },
    );
  }
}

interface NodeSettingsArgs extends Pick<MembershipContext, "node" | "ssh" | "deletedWith"> {
  readonly member: SwarmMember;
}

/**
 * Declares a node's labels and its availability, each a resource of its own: a label removed from the config is removed from
 * the node, and a node that is no longer drained gets tasks again.
 */
export function declareNodeSettings(name: string, args: NodeSettingsArgs, parent: pulumi.Resource): pulumi.Resource[] {
  const { node, ssh, member } = args;
  const { name: NODE, labels, availability } = node.plan;
  const setting = (noun: string, create: string, undo: string) =>
    swarmCommand(
      `${name}-${noun}`,
      { shell: ssh, after: [member.ready], create, delete: undo, triggers: [member.id] },
      { parent, deletedWith: args.deletedWith },
    );
  const settings = Object.entries(labels).map(([KEY, VALUE]) =>
    setting(`label-${KEY}`, scripts("label.sh", { NODE, KEY, VALUE }), scripts("unlabel.sh", { NODE, KEY })),
  );
  if (availability === "active") return settings;
  const set =
    availability === "drain"
      ? scripts("drain.sh", { NODE })
      : scripts("set-availability.sh", { NODE, AVAILABILITY: availability });
  return [...settings, setting("availability", set, scripts("activate.sh", { NODE }))];
}
