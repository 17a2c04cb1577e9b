import * as pulumi from "@pulumi/pulumi";
import type { FarmNode } from "../libvirt/farm";
import type { SshClient } from "../remote/ssh-files";
import { swarmCommand } from "../remote/swarm-command";
import { consoleTail } from "./console";
import { availabilityScript, reactivateScript, removeScript } from "./leaving";
import { workerCertificateScript } from "./role";
import { joinScript, labelScript, readyScript, unlabelScript } from "./scripts";

/** A node, and the swarm that it is part of. */
interface InSwarm {
  readonly node: FarmNode;
  readonly ssh: SshClient;
  /** When this goes, the swarm is gone without a call. */
  readonly goneWith: pulumi.Resource;
  /** Names the swarm: a node joins anew when another had to be made. */
  readonly cluster: pulumi.Output<string>;
}

interface SwarmMemberArgs extends InSwarm {
  /** Secret. */
  readonly token: pulumi.Output<string>;
  /** Made when the node's Docker answers. */
  readonly usable: pulumi.Resource;
}

/** A node's membership of the swarm: created by joining, deleted by draining and removing it. */
export class SwarmMember {
  /** Made when the managers see the node as ready. */
  readonly ready: pulumi.Resource;
  /** Its id in the swarm: another one is a node that was told nothing yet. */
  readonly id: pulumi.Output<string>;

  constructor(args: SwarmMemberArgs, parent: pulumi.Resource) {
    const { node, ssh } = args;
    const { name } = node.plan;
    // Their place in farms of before: as new ones they would take the node out of the swarm, the old ones being undone last.
    const aliases = [{ parent: pulumi.createUrn(name, "swarm-farm:swarm:SwarmMember", parent) }];

    const join = swarmCommand(
      `${name}-join`,
      {
        ssh,
        after: [args.usable],
        on: name,
        create: joinScript(name, node.plan.address),
        explain: consoleTail(node.vm.place.consoleLog),
        stdin: args.token,
        triggers: [node.vm.domain.id, args.cluster],
      },
      // Leaving is the managers' business: the machine that joined is about to go, or already dead.
      { parent, aliases, deletedWith: node.vm.domain },
    );
    this.id = pulumi.unsecret(join.stdout);
    this.ready = swarmCommand(
      `${name}-ready`,
      {
        ssh,
        after: [join],
        about: name,
        create: this.id.apply((id) => readyScript(name, id, node.plan.role)),
        ...(node.plan.role === "worker" && { afterwards: { on: name, script: workerCertificateScript(name) } }),
        explain: consoleTail(node.vm.place.consoleLog),
        delete: removeScript(name),
        triggers: [this.id],
      },
      // When the whole farm goes, so does the swarm: nothing is drained, and dead managers block nothing.
      { parent, aliases, deletedWith: args.goneWith },
    );
  }
}

interface KnownNode extends Pick<InSwarm, "node" | "ssh" | "goneWith"> {
  readonly member: SwarmMember;
}

/**
 * What the swarm is told of a node, each a resource of its own: the label that goes from the configuration goes from the
 * node, and a node that is no longer drained gets tasks again.
 */
export function nodeSpec(args: KnownNode, parent: pulumi.Resource): pulumi.Resource[] {
  const { node, ssh, member } = args;
  const { name, labels, availability } = node.plan;
  const told = (noun: string, create: string, undo: string) =>
    swarmCommand(
      `${name}-${noun}`,
      { ssh, after: [member.ready], create, delete: undo, triggers: [member.id] },
      { parent, deletedWith: args.goneWith },
    );
  return [
    ...Object.entries(labels).map(([key, value]) =>
      told(`label-${key}`, labelScript(name, key, value), unlabelScript(name, key)),
    ),
    ...(availability === "active"
      ? []
      : [told("availability", availabilityScript(name, availability), reactivateScript(name))]),
  ];
}
