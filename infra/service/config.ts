import { createHash } from "node:crypto";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { SwarmTarget } from "../swarm/target";
import { labelList } from "./spec/text";
import { lookup, type FromNameArgs, type Reference } from "./lookup";
import { swarmResourceOptions } from "./swarm-resource-options";

/** A config of a swarm, of this program or another. A service gets it as a file: `{ config, path }` in its `configs`. */
export type ConfigReference = Reference;

/** Arguments of a `SwarmConfig`. */
export interface SwarmConfigArgs {
  readonly swarm: SwarmTarget;
  /** At most 500 kB, Swarm's limit. */
  readonly content: pulumi.Input<string> | Buffer;
  /** Its name in the swarm is this prefix and a hash of the content. Default: the resource's name. */
  readonly prefix?: string;
  /** An existing config keeps its labels. Default: none besides the farm's own. */
  readonly labels?: Readonly<Record<string, string>>;
}

/**
 * A config. Configs cannot change: another content creates another one, updates the services that use it, and deletes the
 * previous one.
 */
export class SwarmConfig extends docker.ServiceConfig implements ConfigReference {
  constructor(name: string, args: SwarmConfigArgs, opts?: pulumi.CustomResourceOptions) {
    const { swarm, content, prefix = name, labels } = args;
    const inputs: docker.ServiceConfigArgs =
      typeof content === "string" || Buffer.isBuffer(content)
        ? inputsOf(prefix, content)
        : fromOutput(pulumi.output(content).apply((known) => inputsOf(prefix, known)));
    super(name, labels ? { ...inputs, labels: labelList(labels) } : inputs, swarmResourceOptions(swarm, opts));
  }

  /** An existing config of the swarm; `up` fails if there is none. */
  static fromName(name: string, args: FromNameArgs, opts?: pulumi.CustomResourceOptions): ConfigReference {
    return lookup("config", name, args, opts);
  }
}

interface Inputs {
  readonly name: string;
  readonly data: string;
}

function inputsOf(prefix: string, content: string | Buffer): Inputs {
  const data = Buffer.from(content);
  const key = createHash("sha256").update(data).digest("hex").slice(0, 12);
  return { name: `${prefix}-${key}`, data: data.toString("base64") };
}

function fromOutput(inputs: pulumi.Output<Inputs>): docker.ServiceConfigArgs {
  return { name: inputs.name, data: inputs.data };
}
