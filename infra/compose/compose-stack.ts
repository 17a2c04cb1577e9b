import * as pulumi from "@pulumi/pulumi";
import { describe, type ComposeService, type Finding } from "../../compose";
import type { NetworkReference } from "../service/network";
import { SwarmService } from "../service/service";
import type { NetworkUse } from "../service/spec/networks";
import type { Text } from "../service/spec/text";
import type { SwarmTarget } from "../swarm/target";
import { jobProblems, jobRemarks } from "./job-rules";
import { declareObjects, type StackObjects } from "./objects";
import { ComposeError, readApplication } from "./read";
import { oneShotsOf } from "./spec/policies";
import { serviceSpec } from "./spec/service-spec";
import { readableVariables, textWith, type ComposeVariables } from "./texts";

/** Additions of a program to a service of a compose file. */
export interface ComposeServiceAddition {
  /** Default: the image as the file names it; a service that has only `build` needs one. */
  readonly image?: Text;
  /** Networks besides those of the file. Default: none. */
  readonly networks?: readonly NetworkUse[];
  /** Created before the service, besides those that it depends on. Default: nothing. */
  readonly after?: readonly pulumi.Resource[];
}

/** Arguments of a `ComposeStack`. */
export interface ComposeStackArgs {
  readonly swarm: SwarmTarget;
  /** To which `file` is relative. */
  readonly folder: string;
  /** A compose file, or several that merge in order. Paths in them are relative to the first one's folder. */
  readonly file: string | readonly [string, ...string[]];
  /** Default: none. Outputs may stand only where docs/compose.md allows secret variables. */
  readonly variables?: ComposeVariables;
  /** Services with `profiles` are left out unless one of theirs is here. Default: none. */
  readonly profiles?: readonly string[];
  /** Keys of volumes that take the place of relative folders, by the folder's path in the files; or `:ro`. Default: none. */
  readonly folders?: Readonly<Record<string, string>>;
  /** The stack's name in the swarm, in front of every name. Default: the resource's name. */
  readonly stack?: string;
  /**
   * Whether something in the swarm starts services on a schedule, by the labels of swarm-cronjob: each that has them is a job then,
   * without a task until it is due. Default: false, and the labels are labels.
   */
  readonly scheduled?: boolean;
  /** Default: nothing. */
  readonly add?: (service: ComposeService) => ComposeServiceAddition;
}

/**
 * An application from compose files: what `docker stack deploy` makes of them, as resources with a preview. `depends_on` is the
 * order of services; docs/compose.md lists what each key means.
 *
 * @throws ComposeError with every problem at once, before anything is declared
 */
export class ComposeStack extends pulumi.ComponentResource {
  /** By their keys in the file, each after those that it depends on. */
  readonly services: ReadonlyMap<string, SwarmService>;
  /** By their keys in the file: its own, and those that it names as external. */
  readonly networks: ReadonlyMap<string, NetworkReference>;

  constructor(name: string, args: ComposeStackArgs, opts?: pulumi.ComponentResourceOptions) {
    super("swarm-farm:compose:ComposeStack", name, {}, opts);
    const {
      swarm,
      folder,
      file,
      variables = {},
      profiles = [],
      folders = {},
      stack = name,
      scheduled = false,
      add,
    } = args;
    const read = readApplication({
      name: stack,
      folder,
      files: typeof file === "string" ? [file] : file,
      variables: readableVariables(variables),
      profiles,
      folders,
    });
    if (read.kind === "refused") throw new ComposeError(stack, read.problems);
    const problems = scheduled ? jobProblems(read.application.services) : [];
    if (problems.length > 0) throw new ComposeError(stack, problems);
    for (const remark of [...read.remarks, ...(scheduled ? jobRemarks(read.application.services) : [])])
      void pulumi.log.warn(describe(remark), this);

    const { services } = read.application;
    const additions = new Map<string, ComposeServiceAddition>(
      services.map((service) => [service.key, add?.(service) ?? {}]),
    );
    const unbuilt = services.filter(({ key, build }) => build && additions.get(key)?.image === undefined);
    const missing = unbuilt.filter(({ image }) => image === "").map(notBuilt);
    if (missing.length > 0) throw new ComposeError(stack, missing);
    for (const service of unbuilt) void pulumi.log.warn(describe(notBuilt(service)), this);

    const objects = declareObjects(name, { swarm, variables, application: read.application }, this);
    this.networks = objects.networks;
    this.services = declareServices(name, { swarm, variables, services, objects, additions, scheduled }, this);

    this.registerOutputs();
  }
}

interface ServicesArgs {
  readonly swarm: SwarmTarget;
  readonly variables: ComposeVariables;
  readonly services: readonly ComposeService[];
  readonly objects: StackObjects;
  readonly additions: ReadonlyMap<string, ComposeServiceAddition>;
  readonly scheduled: boolean;
}

function declareServices(
  name: string,
  { swarm, variables, services, objects, additions, scheduled }: ServicesArgs,
  parent: pulumi.Resource,
): ReadonlyMap<string, SwarmService> {
  const oneShots = oneShotsOf(services);
  const declared = new Map<string, SwarmService>();
  for (const service of services) {
    const { key } = service;
    const { image = service.image, networks = [], after = [] } = known(additions, key);
    const spec = serviceSpec(service, oneShots.has(key), {
      image,
      networks,
      scheduled,
      text: (text) => textWith(variables, text),
      network: (network) => known(objects.networks, network).id,
      config: (config) => known(objects.configs, config),
      secret: (secret) => known(objects.secrets, secret),
    });
    declared.set(
      key,
      new SwarmService(
        `${name}-${key}`,
        { swarm, service: service.name, spec, after: [...after, ...dependencies(service, declared)] },
        { parent },
      ),
    );
  }
  return declared;
}

/** Only the stacks of a farm's configuration are built; a program of one's own gets images from elsewhere. */
function notBuilt({ key, image, build, at }: ComposeService): Finding {
  const { file, line } = build?.at ?? at;
  return {
    file,
    line,
    path: `services.${key}.build`,
    outcome: "refused",
    reason: "only './farm up' builds images, for the stacks of its configuration",
    alternative:
      image === "" ? "name the image in 'image', or give it with 'add'" : `'${image}' is pulled from its registry`,
  };
}

/** `started` waits for the service alone; the others for its tasks. */
function dependencies({ dependsOn }: ComposeService, declared: ReadonlyMap<string, SwarmService>): pulumi.Resource[] {
  return dependsOn.map(({ service, condition }) => {
    const first = known(declared, service);
    return condition === "started" ? first.service : first;
  });
}

/** The reader refuses a name that the file does not define. */
function known<T>(all: ReadonlyMap<string, T>, key: string): T {
  const found = all.get(key);
  if (found === undefined) throw new Error(`'${key}' is not in the compose file`);
  return found;
}
