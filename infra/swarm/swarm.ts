import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { Farm, FarmNode } from "../libvirt/farm";
import { anyManager } from "../remote/any-manager";
import { remoteCommand } from "../remote/command";
import { ownConnection, type SshClient } from "../remote/ssh-files";
import { swarmCommand } from "../remote/swarm-command";
import { nodeSpec, SwarmMember } from "./member";
import { differences, parsePatchLevel, type PatchLevel } from "./patch-level";
import { power } from "./power";
import { certificateExpiryScript, initScript, reportScript, settingsScript, tokenScript } from "./scripts";

/** Who may pull from a registry. */
export interface RegistryAccess {
  /** As image names begin with it. */
  readonly address: string;
  readonly username: string;
  readonly password: pulumi.Input<string>;
  /** The number of the login: with another one every service is updated, since it pulls with that of its last update. */
  readonly rotation: number;
}

interface SwarmArgs {
  readonly farm: Farm;
  /** Services tell them to their nodes. */
  readonly registries: readonly RegistryAccess[];
  /** The certificates of the authorities that may have signed theirs. */
  readonly authority: pulumi.Output<string>;
}

/** The swarm of a farm: made on the first manager, joined by all side by side, labelled; told what it is to do through any manager. */
export class Swarm extends pulumi.ComponentResource {
  /** Docker's API on a manager, over ssh; to be called once the swarm is complete. */
  readonly provider: docker.Provider;
  /** Made when every node is in the swarm and the managers know what is to be known of it. */
  readonly complete: pulumi.Resource;
  /** For each node by name, made when its Docker answers and trusts the registries. */
  readonly dockers: ReadonlyMap<string, pulumi.Resource>;
  /** The first manager: it makes the swarm, and has what can only be in one place. */
  readonly manager: FarmNode;
  /** Where `ssh` finds a manager that answers. */
  readonly ssh: SshClient;
  /** When this goes, the swarm and all that lives in it is gone without a call. */
  readonly goneWith: pulumi.Resource;
  /** Of the login with which its services pull. */
  readonly pullRotation: number;
  /** Names the swarm: another one is another swarm, with nothing in it. */
  readonly cluster: pulumi.Output<string>;
  /** What each node runs; all the same, or the update fails. */
  readonly patchLevels: pulumi.Output<Record<string, PatchLevel>>;

  constructor(name: string, args: SwarmArgs, opts?: pulumi.ComponentResourceOptions) {
    super("swarm-farm:swarm:Swarm", name, {}, opts);
    const { farm } = args;
    const child = { parent: this };
    // Before all else: its plugin takes its time to start, and is asked for nothing before the swarm is complete.
    this.provider = new docker.Provider(
      `${name}-docker`,
      {
        host: `ssh://${anyManager()}`,
        sshOpts: ["-F", farm.ssh.configFile, ...ownConnection],
        registryAuth: args.registries.map(({ address, username, password }) => ({ address, username, password })),
      },
      child,
    );
    // Made before a node joins: Pulumi undoes it after the node has left, and before its machine goes.
    const started = farm.nodes.map((node) => {
      const powered = power(node, farm.ssh, this);
      return { node, powered, reported: report(node, powered, args, this) };
    });
    const [first] = started;
    if (!first) throw new pulumi.ResourceError("a swarm needs a manager", this);
    const manager = first.node;
    const managers = farm.nodes.filter(({ plan }) => plan.role === "manager");

    this.manager = manager;
    this.pullRotation = Math.max(1, ...args.registries.map(({ rotation }) => rotation));
    this.ssh = farm.ssh;
    this.goneWith = managers.length > 1 ? manager.network : manager.vm.domain;
    this.dockers = new Map(started.map(({ node, reported }) => [node.plan.name, reported]));
    this.patchLevels = pulumi
      .all(Object.fromEntries(started.map(({ node, reported }) => [node.plan.name, reported.stdout])))
      .apply((texts) =>
        checked(
          Object.fromEntries(Object.entries(texts).map(([node, text]) => [node, parsePatchLevel(text)])),
          Object.fromEntries(farm.nodes.map(({ plan, image }) => [plan.name, image])),
        ),
      );

    const init = remoteCommand(
      `${name}-init`,
      {
        on: manager.access,
        create: initScript(
          manager.plan.address,
          managers.slice(1).map(({ plan }) => plan.address),
        ),
        triggers: [manager.vm.domain.id],
      },
      {
        ...child,
        dependsOn: first.powered,
        deletedWith: this.goneWith,
        // One of several managers can be replaced or go: the others have the swarm, and there is none to be made.
        ignoreChanges: managers.length > 1 ? ["connection", "create", "triggers"] : [],
      },
    );
    const inSwarm = { ssh: farm.ssh, goneWith: this.goneWith, cluster: init.stdout };
    // Before any node joins: it keeps the certificate that it gets then for years. A resource of its own, so that a farm
    // that is there gets it, and nothing that follows from what others print is run again.
    const expiry = swarmCommand(
      `${name}-certificate-expiry`,
      { ssh: farm.ssh, after: [init], create: certificateExpiryScript(), triggers: [init.stdout] },
      { ...child, deletedWith: this.goneWith },
    );
    // All join as workers, and managers are promoted: a join that knew of a role would be made anew when the role changes.
    const token = swarmCommand(
      `${name}-worker-token`,
      { ssh: farm.ssh, after: [init, expiry], create: tokenScript(), triggers: [init.stdout] },
      { ...child, additionalSecretOutputs: ["stdout"], deletedWith: this.goneWith },
    ).stdout;
    const told = started.flatMap(({ node, powered, reported }) => {
      const member = new SwarmMember({ ...inSwarm, node, token, usable: powered }, this);
      return [reported, member.ready, ...nodeSpec({ ...inSwarm, node, member }, this)];
    });
    this.complete = swarmCommand(
      `${name}-settings`,
      {
        ssh: farm.ssh,
        // Services are placed by node and label, and pulled by whom is trusted: all that is there before any of them.
        after: told,
        create: manager.vm.domain.type.apply((type) => settingsScript(heartbeatSeconds(type))),
        triggers: [init.stdout],
      },
      { ...child, deletedWith: this.goneWith },
    );
    this.cluster = init.stdout;
    this.registerOutputs({ patchLevels: this.patchLevels });
  }
}

/** The node is told whom to trust when its Docker answers, and gives its own word on what it runs. */
function report(
  node: FarmNode,
  powered: pulumi.Resource,
  { registries, authority }: SwarmArgs,
  parent: pulumi.Resource,
) {
  const create = reportScript(registries.map(({ address }) => address));
  return remoteCommand(
    `${node.plan.name}-report`,
    { on: node.access, create, stdin: authority, triggers: [node.vm.domain.id] },
    { parent, dependsOn: powered, deletedWith: node.vm.domain },
  );
}

function checked(levels: Record<string, PatchLevel>, images: Record<string, string>): Record<string, PatchLevel> {
  const problem = differences(levels, images);
  if (problem) throw new pulumi.RunError(problem);
  return levels;
}

/**
 * Swarm's own is 5 s. Nodes under software emulation that start their tasks all at once are silent for longer, and would
 * be taken for dead, which starts the same tasks once more on the others.
 */
function heartbeatSeconds(domainType: string | undefined): number {
  return domainType === "kvm" ? 5 : 15;
}
