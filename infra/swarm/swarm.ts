import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { Farm, FarmNode } from "../libvirt/farm";
import { remoteCommand } from "../remote/command";
import { nodeSpec, SwarmMember } from "./member";
import { differences, parsePatchLevel, type PatchLevel } from "./patch-level";
import { power } from "./power";
import { initScript, reportScript, tokenScript } from "./scripts";

interface SwarmArgs {
  readonly farm: Farm;
  /** Who may pull from the farm's registry: services tell their nodes. */
  readonly registry: { readonly address: string; readonly username: string; readonly password: pulumi.Input<string> };
}

/** The swarm of a farm: made on the first manager, joined by all others side by side, labelled. */
export class Swarm extends pulumi.ComponentResource {
  /** Docker's API on a manager, over ssh; there only once the swarm is complete. */
  readonly provider: docker.Provider;
  /** For each node by name, made when its Docker answers. */
  readonly dockers: ReadonlyMap<string, pulumi.Resource>;
  /** The manager that made the swarm. */
  readonly manager: FarmNode;
  /** Names the swarm: another one is another swarm, with nothing in it. */
  readonly cluster: pulumi.Output<string>;
  /** What each node runs; all the same, or the update fails. */
  readonly patchLevels: pulumi.Output<Record<string, PatchLevel>>;

  constructor(name: string, args: SwarmArgs, opts?: pulumi.ComponentResourceOptions) {
    super("swarm-farm:swarm:Swarm", name, {}, opts);
    const { farm } = args;
    const child = { parent: this };
    const [manager] = farm.nodes;
    if (!manager) throw new pulumi.ResourceError("a swarm needs a manager", this);

    this.manager = manager;
    // Made before a node joins: Pulumi undoes it after the node has left, and before its machine goes.
    const started = farm.nodes.map((node) => {
      const powered = power(node, farm.ssh, this);
      return { node, powered, reported: report(node, powered, this) };
    });
    const usable = (wanted: FarmNode) =>
      started.filter(({ node }) => node === wanted).flatMap(({ powered, reported }) => [reported, powered]);
    this.dockers = new Map(started.map(({ node, reported }) => [node.plan.name, reported]));
    this.patchLevels = pulumi
      .all(Object.fromEntries(started.map(({ node, reported }) => [node.plan.name, reported.stdout])))
      .apply((texts) =>
        checked(Object.fromEntries(Object.entries(texts).map(([node, text]) => [node, parsePatchLevel(text)]))),
      );

    const others = farm.nodes.filter((node) => node !== manager);
    const otherManagers = others.filter(({ plan }) => plan.role === "manager").map(({ plan }) => plan.address);
    const init = remoteCommand(
      `${name}-init`,
      {
        on: manager.access,
        create: manager.vm.domain.type.apply((type) =>
          initScript(manager.plan.address, otherManagers, heartbeatSeconds(type)),
        ),
        triggers: [manager.vm.domain.id],
      },
      { ...child, dependsOn: usable(manager), deletedWith: manager.vm.domain },
    );
    const token = (role: "manager" | "worker") =>
      remoteCommand(
        `${name}-${role}-token`,
        { on: manager.access, create: tokenScript(role), triggers: [init.stdout] },
        { ...child, dependsOn: init, additionalSecretOutputs: ["stdout"], deletedWith: manager.vm.domain },
      ).stdout;
    const tokens = new Map([...new Set(others.map((node) => node.plan.role))].map((role) => [role, token(role)]));
    const ready = new Map<FarmNode, pulumi.Resource>([[manager, init]]);
    for (const node of others) {
      const member = new SwarmMember(
        node.plan.name,
        {
          node,
          manager,
          token: tokens.get(node.plan.role) ?? pulumi.secret(""),
          cluster: init.stdout,
          usable: usable(node),
        },
        child,
      );
      ready.set(node, member.ready);
    }
    const specs = farm.nodes.flatMap((node) =>
      nodeSpec({ node, manager, cluster: init.stdout, ready: ready.get(node) ?? init }, this),
    );

    this.provider = new docker.Provider(
      `${name}-docker`,
      {
        host: `ssh://${manager.plan.name}`,
        sshOpts: ["-F", farm.ssh.configFile, ...ownConnection],
        registryAuth: [args.registry],
      },
      // Services are placed by node and label: both have to be there first. The client's files are read by ssh.
      { ...child, dependsOn: [farm.ssh, ...ready.values(), ...specs] },
    );
    this.cluster = init.stdout;
    this.registerOutputs({ patchLevels: this.patchLevels });
  }
}

/** The provider opens connections side by side; one that rode on another's would end with it. */
const ownConnection = ["-o", "ControlMaster=no", "-o", "ControlPath=none"];

/** The node's own word on what it runs, given when its Docker answers. */
function report(node: FarmNode, powered: pulumi.Resource, parent: pulumi.Resource) {
  return remoteCommand(
    `${node.plan.name}-report`,
    { on: node.access, create: reportScript(node.plan.name), triggers: [node.vm.domain.id] },
    { parent, dependsOn: powered, deletedWith: node.vm.domain },
  );
}

function checked(levels: Record<string, PatchLevel>): Record<string, PatchLevel> {
  const problem = differences(levels);
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
