import type * as command from "@pulumi/command";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { transformed, type Transform } from "../component/transform";
import type { Farm, FarmNode } from "../libvirt/farm";
import { remoteCommand } from "../remote/command";
import type { ManagerShell } from "../remote/manager-shell";
import { managerHost } from "../remote/manager-host";
import { script } from "../remote/shell";
import { ownConnection } from "../remote/ssh-files";
import { sameIdentity, swarmCommand } from "../remote/swarm-command";
import { bootAndShutdown } from "./boot-and-shutdown";
import { ExistingSwarm, type ExistingSwarmArgs } from "./existing";
import { declareNodeSettings, SwarmMember } from "./member";
import type { PatchLevel } from "./patch-level";
import { patchLevelsOf, trustRegistries } from "./report";
import { scripts } from "./scripts";
import { pullRotation, registryAuth, type RegistryAccess, type SwarmTarget } from "./target";

/**
 * Ten years, in hours. A running node renews its certificate after 50 to 80 % of that (swarmkit, ca/config.go); a node that is
 * off until it expires has to join again. Half of the 20 years of the swarm's CA, so that no certificate of its first ten
 * years outlives it. See docs/decisions/0016.
 */
const nodeCertificateHours = 87_600;

/** Changes children of a Swarm. */
export interface SwarmTransform {
  /** The Docker provider. */
  readonly provider?: Transform<docker.ProviderArgs, pulumi.ResourceOptions>;
  /** The command that initializes the swarm on the first manager. */
  readonly init?: Transform<command.remote.CommandArgs, pulumi.CustomResourceOptions>;
}

/** Arguments of a `Swarm`. */
export interface SwarmArgs {
  readonly farm: Farm;
  /** Services hand their logins to the nodes. Default: none. */
  readonly registries?: readonly RegistryAccess[];
  /** The CA certificates that the nodes trust for these registries, in PEM. Default: those of the guest image. */
  readonly authority?: pulumi.Input<string>;
  /** Default: nothing changes. */
  readonly transform?: SwarmTransform;
}

/**
 * The swarm of a farm: initialized on the first manager, joined by all nodes in parallel; later commands go to any manager.
 *
 * Its children are named by nodes: a Pulumi stack has one. A Docker provider in `opts` is used in place of its own.
 */
export class Swarm extends pulumi.ComponentResource implements SwarmTarget {
  /** Docker's API on a manager, over ssh; to be used once the swarm is ready. */
  readonly provider: pulumi.ProviderResource;
  /** Created when every node is ready in the swarm and has its role, labels and availability. */
  readonly ready: pulumi.Resource;
  /** For each node by name, created when its Docker answers and trusts the registries. */
  readonly dockerReady: ReadonlyMap<string, pulumi.Resource>;
  /** All of its nodes, managers first. */
  readonly nodes: readonly FarmNode[];
  /** The first manager: it initializes the swarm, and runs what can only be on one node. */
  readonly manager: FarmNode;
  /** Runs scripts on the first manager that responds. */
  readonly shell: ManagerShell;
  /** When this is deleted, the swarm and everything in it are deleted with it, without a command. */
  readonly deletedWith: pulumi.Resource;
  /** The number of the login that its services pull with. */
  readonly pullRotation: number;
  /** The swarm's id. In a swarm with another id everything is created again. */
  readonly clusterId: pulumi.Output<string>;
  /** The patch level of each node; the update fails if nodes of one image differ. */
  readonly patchLevels: pulumi.Output<Record<string, PatchLevel>>;

  /** A swarm of another program, to deploy to. */
  static fromExisting(name: string, args: ExistingSwarmArgs, opts?: pulumi.ComponentResourceOptions): SwarmTarget {
    return new ExistingSwarm(name, args, opts);
  }

  constructor(name: string, args: SwarmArgs, opts?: pulumi.ComponentResourceOptions) {
    super("swarm-farm:swarm:Swarm", name, {}, opts);
    const { farm, registries = [], transform = {} } = args;
    const child = { parent: this };
    // First, since its plugin takes seconds to start.
    this.provider =
      this.getProvider("docker:index/service:Service") ??
      new docker.Provider(
        ...transformed(
          transform.provider,
          `${name}-docker`,
          {
            host: `ssh://${managerHost()}`,
            sshOpts: ["-F", farm.ssh.configFile, ...ownConnection],
            registryAuth: registryAuth(registries),
          },
          child,
        ),
      );
    // Created before a node joins, so that Pulumi deletes it after the node has left and before its VM.
    const nodes = farm.nodes.map((node) => {
      const { name: NODE } = node.plan;
      const booted = bootAndShutdown(NODE, { node, ssh: farm.ssh }, this);
      const { authority } = args;
      return { node, booted, report: trustRegistries(NODE, { node, booted, registries, authority }, this) };
    });
    const [first] = nodes;
    if (!first) throw new pulumi.ResourceError("a swarm needs a manager", this);
    const manager = first.node;
    const managers = farm.nodes.filter(({ plan }) => plan.role === "manager");

    this.nodes = farm.nodes;
    this.manager = manager;
    this.pullRotation = pullRotation(registries);
    this.shell = farm.ssh;
    this.deletedWith = managers.length > 1 ? manager.network : manager.vm.domain;
    this.dockerReady = new Map(nodes.map(({ node, report }) => [node.plan.name, report]));
    this.patchLevels = patchLevelsOf(nodes);

    const init = remoteCommand(
      `${name}-init`,
      {
        on: manager.access,
        create: scripts("init.sh", {
          ADDRESS: manager.plan.address,
          OTHERS: managers
            .slice(1)
            .map(({ plan }) => plan.address)
            .join(" "),
        }),
        triggers: [manager.vm.domain.id],
        transform: transform.init,
      },
      {
        ...child,
        dependsOn: first.booted,
        deletedWith: this.deletedWith,
        // If there are several managers, one can be replaced or removed: the others keep the swarm.
        ignoreChanges: [...sameIdentity, ...(managers.length > 1 ? ["connection", "triggers"] : [])],
      },
    );
    const membership = { ssh: farm.ssh, deletedWith: this.deletedWith, clusterId: init.stdout };
    // Before any node joins, since a node keeps its first certificate for years. A resource of its own, so that in an older
    // farm no other resource changes.
    const expiry = swarmCommand(
      `${name}-certificate-expiry`,
      {
        shell: farm.ssh,
        after: [init],
        create: script(`docker swarm update --cert-expiry ${String(nodeCertificateHours)}h >/dev/null`),
        triggers: [init.stdout],
      },
      { ...child, deletedWith: this.deletedWith },
    );
    // All join as workers, and managers are promoted: a join with a role would be replaced when the role changes.
    const token = swarmCommand(
      `${name}-worker-token`,
      {
        shell: farm.ssh,
        after: [init, expiry],
        create: script("docker swarm join-token -q worker"),
        triggers: [init.stdout],
      },
      { ...child, additionalSecretOutputs: ["stdout"], deletedWith: this.deletedWith, ignoreChanges: sameIdentity },
    ).stdout;
    const configured = nodes.flatMap(({ node, booted, report }) => {
      const { name: NODE } = node.plan;
      const member = new SwarmMember(NODE, { ...membership, node, token, booted }, this);
      return [report, member.ready, ...declareNodeSettings(NODE, { ...membership, node, member }, this)];
    });
    this.ready = swarmCommand(
      `${name}-settings`,
      {
        shell: farm.ssh,
        // Before any service: placement needs nodes and labels, and pulls need trusted registries.
        after: configured,
        create: manager.vm.domain.type.apply((type) =>
          script(`docker swarm update --dispatcher-heartbeat ${String(heartbeatSeconds(type))}s >/dev/null`),
        ),
        triggers: [init.stdout],
      },
      { ...child, deletedWith: this.deletedWith },
    );
    this.clusterId = init.stdout;
    this.registerOutputs({ patchLevels: this.patchLevels });
  }
}

/**
 * How often a node sends a heartbeat; after three missed ones Swarm runs its tasks elsewhere. Swarm's default is 5 s. Nodes
 * under software emulation that start many tasks at once miss more than three of those, and on a machine that is half as fast
 * three of 15 s too: mysql's new task was then stopped while it started, which took its update back.
 */
function heartbeatSeconds(domainType: string | undefined): number {
  return domainType === "kvm" ? 5 : 30;
}
