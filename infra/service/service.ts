import { createHash } from "node:crypto";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { swarmCommand } from "../remote/swarm-command";
import type { Swarm } from "../swarm/swarm";
import { convergeScript } from "./converge";
import { dockerSpec } from "./docker-spec";
import { swarmResourceOptions } from "./swarm-resource-options";
import type { ServiceSpec } from "./types";

/** Time for the tasks of a service to run and be healthy, image pulls on emulated CPUs included. */
const convergeSeconds = 600;

interface SwarmServiceArgs {
  readonly swarm: Swarm;
  /** The service's name in the swarm, and on its networks. */
  readonly service: string;
  readonly spec: ServiceSpec;
  /** What has to run before this one starts or changes, and goes after it. Default: nothing. */
  readonly after?: readonly pulumi.Resource[];
  /** Identities of what its tasks cannot run without, e.g. a VM's id: with another it is waited for anew. Default: none. */
  readonly on?: readonly pulumi.Input<string>[];
}

/** A service, and that it came to run: an update that Swarm rolled back is an error, and says why. */
export class SwarmService extends pulumi.ComponentResource {
  readonly id: pulumi.Output<string>;
  /** Known when every task runs and is healthy. */
  readonly converged: pulumi.Output<string>;

  constructor(name: string, args: SwarmServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("swarm-farm:service:SwarmService", name, {}, opts);
    const { swarm, service: serviceName, after = [], on = [] } = args;
    const spec = dockerSpec(args.spec, swarm.pullRotation);

    const service = new docker.Service(
      `${name}-service`,
      { name: serviceName, ...spec },
      {
        // What it comes after is said here: what a component depends on is not what its parts depend on.
        ...swarmResourceOptions(swarm, this, after),
        // Two services cannot have one name.
        deleteBeforeReplace: true,
        // Swarm changes no service's mode, and the provider takes the change for one in place: it would send both modes,
        // since `replicated` is computed. `mode.global` differs exactly when the mode does.
        replaceOnChanges: ["mode.global"],
        ignoreChanges: [
          // Not set here: the provider computes it, and would show it as a change beside every other one.
          "taskSpec.containerSpec.sysctl",
          // The steward's business from then on.
          ...(args.spec.autoscale ? ["mode.replicated.replicas"] : []),
        ],
      },
    );
    const wait = swarmCommand(
      `${name}-converged`,
      {
        shell: swarm.shell,
        after: [service],
        create: convergeScript(serviceName, convergeSeconds),
        stdin: pulumi.all([service.id, pulumi.jsonStringify(spec)]).apply(([id, text]) => `${id} ${digest(text)}`),
        triggers: on,
      },
      { parent: this, deletedWith: swarm.deletedWith },
    );

    this.id = service.id;
    this.converged = wait.stdout;
    this.registerOutputs({ id: this.id });
  }
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
