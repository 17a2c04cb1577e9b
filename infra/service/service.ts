import { createHash } from "node:crypto";
import type * as command from "@pulumi/command";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { transformed, type Transform } from "../component/transform";
import { swarmCommand } from "../remote/swarm-command";
import type { SwarmTarget } from "../swarm/target";
import { serviceProblems, ServiceError } from "./check";
import { completedScript, convergeScript } from "./converge";
import { dockerSpec, type DockerSpecOptions } from "./docker-spec";
import { swarmResourceOptions } from "./swarm-resource-options";
import type { ServiceSpec } from "./spec/service-spec";

/** How long the tasks of a service may take to be healthy, including image pulls on emulated CPUs. */
const convergeSeconds = 600;

/** Changes children of a SwarmService. */
export interface ServiceTransform {
  /** The service. */
  readonly service?: Transform<docker.ServiceArgs, pulumi.CustomResourceOptions>;
  /** The command that waits until it has converged. */
  readonly converged?: Transform<command.local.CommandArgs, pulumi.CustomResourceOptions>;
}

/** Arguments of a `SwarmService`. */
export interface SwarmServiceArgs {
  readonly swarm: SwarmTarget;
  /** Its name in the swarm, and on its networks. Default: the resource's name. */
  readonly service?: string;
  readonly spec: ServiceSpec;
  /**
   * How placement, health check, DNS and init are treated that the spec no longer sets. `clear`: they are Docker's defaults
   * again. `keep`: they stay as the service has them. Default: `clear`.
   */
  readonly unset?: DockerSpecOptions["unset"];
  /** Created before this one is created or updated, and deleted after it. Default: nothing. */
  readonly after?: readonly pulumi.Resource[];
  /** Identities of what its tasks need, e.g. a VM's id; if one changes, `up` waits for the service again. Default: none. */
  readonly on?: readonly pulumi.Input<string>[];
  /** Default: nothing changes. */
  readonly transform?: ServiceTransform;
}

/**
 * A service, and the wait until it has converged: every task runs and is healthy, or has ended with 0 where the spec says
 * `oneShot`. `up` fails, with the tasks' errors and the end of a log, where that takes more than 10 minutes or Swarm rolls an update
 * back. A `job` is not waited for: it has no task until it is due.
 *
 * A Docker provider in `opts` is used in place of the swarm's.
 *
 * @throws ServiceError for a spec that Docker or the provider would refuse, before anything is declared
 */
export class SwarmService extends pulumi.ComponentResource {
  readonly id: pulumi.Output<string>;
  /** The service without the wait. */
  readonly service: docker.Service;
  /**
   * How many tasks run, e.g. `2/2`; known when every task runs and is healthy, or has ended where it is a one-shot. Of a job, its
   * schedule.
   */
  readonly converged: pulumi.Output<string>;

  constructor(name: string, args: SwarmServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("swarm-farm:service:SwarmService", name, {}, opts);
    const { swarm, service: serviceName = name, after = [], transform = {} } = args;
    const problems = serviceProblems(serviceName, args.spec);
    if (problems.length > 0) throw new ServiceError(serviceName, problems);
    const provider = this.getProvider("docker:index/service:Service") ?? swarm.provider;

    const [childName, inputs, options] = transformed(
      transform.service,
      `${name}-service`,
      { name: serviceName, ...dockerSpec(args.spec, { pullRotation: swarm.pullRotation, unset: args.unset }) },
      {
        // Children do not inherit the dependencies of their component.
        ...swarmResourceOptions(swarm, { parent: this, provider, dependsOn: [...after] }),
        // Two services cannot have one name.
        deleteBeforeReplace: true,
        // Swarm cannot change a service's mode, but the provider tries to, and sends both modes,
        // since `replicated` is computed. `mode.global` differs exactly when the mode does.
        replaceOnChanges: ["mode.global"],
        // The steward changes it.
        ignoreChanges: args.spec.autoscale ? ["mode.replicated.replicas"] : [],
        // Where there are none the provider computes them, and would show them as a change beside every other one.
        hideDiffs: Object.keys(args.spec.sysctls ?? {}).length > 0 ? [] : ["taskSpec.containerSpec.sysctl"],
      },
    );
    const created = new docker.Service(childName, inputs, options);

    this.id = created.id;
    this.service = created;
    this.converged = args.spec.job
      ? pulumi.output(args.spec.job.schedule)
      : waitUntilConverged(name, { ...args, service: serviceName, created, inputs }, this).stdout;
    this.registerOutputs({ id: this.id });
  }
}

interface WaitArgs extends SwarmServiceArgs {
  readonly service: string;
  readonly created: docker.Service;
  readonly inputs: docker.ServiceArgs;
}

/** The command that waits until the tasks run, or have ended. */
function waitUntilConverged(name: string, args: WaitArgs, parent: pulumi.Resource): command.local.Command {
  const { swarm, service, spec, created, inputs, on = [], transform = {} } = args;
  const { name: _, ...declared } = inputs;
  return swarmCommand(
    `${name}-converged`,
    {
      shell: swarm.shell,
      after: [created],
      create: (spec.oneShot ? completedScript : convergeScript)(service, convergeSeconds),
      stdin: pulumi.all([created.id, pulumi.jsonStringify(declared)]).apply(([id, text]) => `${id} ${digest(text)}`),
      triggers: on,
      transform: transform.converged,
    },
    { parent, deletedWith: swarm.deletedWith },
  );
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
