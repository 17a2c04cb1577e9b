import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { transformed, type Transform } from "../component/transform";
import { shellOfCommand, shellOfHost, type ManagerShell } from "../remote/manager-shell";
import { swarmCommand } from "../remote/swarm-command";
import { scripts } from "./scripts";
import { pullRotation, registryAuth, type RegistryAccess, type SwarmTarget } from "./target";

/** Arguments of `Swarm.fromExisting`. */
export interface ExistingSwarmArgs {
  /**
   * A manager: `ssh://[USER@]HOST[:PORT]`, or `unix:///var/run/docker.sock` for the Docker of the machine that runs Pulumi. The
   * user can use Docker without sudo and has a POSIX login shell; the manager has `curl`.
   */
  readonly host: string;
  /** Options for `ssh`, e.g. `["-i", "/home/me/.ssh/id_ed25519"]`. Default: none besides `~/.ssh/config`. */
  readonly sshOptions?: readonly string[];
  /** A program with its arguments that runs a shell script, its last argument, on a manager. Default: `ssh` to `host`. */
  readonly command?: readonly string[];
  /** Logins to registries. Default: none. */
  readonly registries?: readonly RegistryAccess[];
  /** Default: nothing changes. */
  readonly transform?: { readonly provider?: Transform<docker.ProviderArgs, pulumi.ResourceOptions> };
}

/**
 * A swarm of another program. This program changes and deletes only what it deploys itself.
 *
 * Its id is read once: if `docker swarm init` created another swarm on the same host, replace `NAME-cluster`. A Docker
 * provider in `opts` replaces the one for `host`.
 *
 * @throws RunError for a `host` in another form; `up` fails where the host is not a manager
 */
export class ExistingSwarm extends pulumi.ComponentResource implements SwarmTarget {
  readonly provider: pulumi.ProviderResource;
  readonly ready: pulumi.Resource;
  readonly clusterId: pulumi.Output<string>;
  readonly shell: ManagerShell;
  readonly pullRotation: number;

  constructor(name: string, args: ExistingSwarmArgs, opts?: pulumi.ComponentResourceOptions) {
    super("swarm-farm:swarm:ExistingSwarm", name, {}, opts);
    const { host, command, sshOptions = [], registries = [] } = args;
    const child = { parent: this };
    this.shell = command === undefined ? shellOfHost(host, sshOptions) : shellOfCommand(command);
    this.pullRotation = pullRotation(registries);
    this.provider =
      this.getProvider("docker:index/service:Service") ??
      new docker.Provider(
        ...transformed(
          args.transform?.provider,
          `${name}-docker`,
          { host, sshOpts: [...sshOptions], registryAuth: registryAuth(registries) },
          child,
        ),
      );
    const cluster = swarmCommand(
      `${name}-cluster`,
      { shell: this.shell, create: scripts("cluster-id.sh", { HOST: host }), triggers: [host] },
      child,
    );
    this.ready = cluster;
    this.clusterId = cluster.stdout;
    this.registerOutputs({ clusterId: this.clusterId });
  }
}
