import * as pulumi from "@pulumi/pulumi";
import type { FarmNode } from "../libvirt/farm";
import { remoteCommand } from "../remote/command";
import { availabilityScript, reactivateScript, removeScript } from "./leaving";
import { joinScript, labelScript, readyScript, unlabelScript } from "./scripts";

interface SwarmMemberArgs {
  readonly node: FarmNode;
  /** The manager that made the swarm; what is said about the node is said there. */
  readonly manager: FarmNode;
  /** Secret. */
  readonly token: pulumi.Output<string>;
  /** Names the swarm: a node joins anew when its manager had to make another. */
  readonly cluster: pulumi.Output<string>;
  /** Made when the node's Docker answers. */
  readonly usable: pulumi.Resource[];
}

/** A node's membership of the swarm: created by joining, deleted by draining and removing it. */
export class SwarmMember extends pulumi.ComponentResource {
  /** Made when the manager sees the node as ready. */
  readonly ready: pulumi.Resource;

  constructor(name: string, args: SwarmMemberArgs, opts?: pulumi.ComponentResourceOptions) {
    super("swarm-farm:swarm:SwarmMember", name, {}, opts);
    const { node, manager } = args;

    const join = remoteCommand(
      `${name}-join`,
      {
        on: node.access,
        create: joinScript(node.plan.address, manager.plan.address),
        stdin: args.token,
        triggers: [node.vm.domain.id, args.cluster],
      },
      // Leaving is the manager's business: the machine that joined is about to go, or already dead.
      { parent: this, dependsOn: args.usable, deletedWith: node.vm.domain },
    );
    this.ready = remoteCommand(
      `${name}-ready`,
      {
        on: manager.access,
        create: readyScript(node.plan.name),
        delete: removeScript(node.plan.name),
        triggers: [pulumi.unsecret(join.stdout)],
      },
      // When the whole farm goes, so does the swarm: nothing is drained, and a dead manager blocks nothing.
      { parent: this, dependsOn: join, deletedWith: manager.vm.domain },
    );

    this.registerOutputs({});
  }
}

interface KnownNode extends Pick<SwarmMemberArgs, "node" | "manager" | "cluster"> {
  /** Made when the manager knows the node. */
  readonly ready: pulumi.Resource;
}

/**
 * What the swarm is told of a node, each a resource of its own: the label that goes from the configuration goes from the
 * node, and a node that is no longer drained gets tasks again.
 */
export function nodeSpec(args: KnownNode, parent: pulumi.Resource): pulumi.Resource[] {
  const { node, manager } = args;
  const { name, labels, availability } = node.plan;
  const told = (noun: string, create: string, undo: string) =>
    remoteCommand(
      `${name}-${noun}`,
      { on: manager.access, create, delete: undo, triggers: [node.vm.domain.id, args.cluster] },
      { parent, dependsOn: args.ready, deletedWith: manager.vm.domain },
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
