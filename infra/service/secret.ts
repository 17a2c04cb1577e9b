import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { SwarmTarget } from "../swarm/target";
import { labelList } from "./spec/text";
import { lookup, type FromNameArgs, type Reference } from "./lookup";
import { swarmResourceOptions } from "./swarm-resource-options";

/** A secret of a swarm, of this program or another. A service gets it as a file: `{ secret, file, uid }` in its `secrets`. */
export type SecretReference = Reference;

/** Arguments of a `SwarmSecret`. */
export interface SwarmSecretArgs {
  readonly swarm: SwarmTarget;
  /** At most 500 kB, Swarm's limit. Always secret in the state. */
  readonly value: pulumi.Input<string> | Buffer;
  /**
   * Part of its name in the swarm, `NAME-VERSION`: it must differ for each value and not reveal it. `Password` and `Login` have
   * one.
   */
  readonly version: pulumi.Input<string>;
  /** The beginning of its name in the swarm. Default: the resource's name. */
  readonly prefix?: string;
  /** An existing secret keeps its labels. Default: none besides the farm's own. */
  readonly labels?: Readonly<Record<string, string>>;
}

/** A secret. Another version creates another one, updates the services that use it, and deletes the previous one. */
export class SwarmSecret extends docker.Secret implements SecretReference {
  constructor(
    name: string,
    { swarm, value, version, prefix = name, labels }: SwarmSecretArgs,
    opts?: pulumi.CustomResourceOptions,
  ) {
    super(
      name,
      {
        name: pulumi.interpolate`${prefix}-${version}`,
        ...(labels ? { labels: labelList(labels) } : {}),
        data: pulumi.secret(base64(value)),
      },
      pulumi.mergeOptions(swarmResourceOptions(swarm, opts), { additionalSecretOutputs: ["data"] }),
    );
  }

  /** An existing secret of the swarm; `up` fails if there is none. */
  static fromName(name: string, args: FromNameArgs, opts?: pulumi.CustomResourceOptions): SecretReference {
    return lookup("secret", name, args, opts);
  }
}

/** Pulumi makes a plain object of the bytes in an output. */
function base64(value: SwarmSecretArgs["value"]): pulumi.Input<string> {
  if (Buffer.isBuffer(value)) return value.toString("base64");
  return pulumi.output(value).apply((known) => Buffer.from(known).toString("base64"));
}
