import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { SwarmTarget } from "../swarm/target";
import { lookup, type FromNameArgs, type Reference } from "./lookup";
import { swarmResourceOptions } from "./swarm-resource-options";

/** A secret of a swarm, whichever program made it: `{ secret, file, uid }` in a service's `secrets` shows it as a file. */
export type SecretReference = Reference;

/** Arguments of a `SwarmSecret`. */
export interface SwarmSecretArgs {
  readonly swarm: SwarmTarget;
  /** At most 500 kB, which is Swarm's limit. Always secret in the state. */
  readonly value: pulumi.Input<string>;
  /**
   * Distinguishes this value from previous ones without revealing it: its name in the swarm is `NAME-VERSION`. A secret cannot
   * change, so another value needs another version; `Password` and `Login` have one.
   */
  readonly version: pulumi.Input<string>;
}

/** A secret. Another version is another secret, a rolling update of the services that use it, and the end of the previous one. */
export class SwarmSecret extends docker.Secret implements SecretReference {
  constructor(name: string, { swarm, value, version }: SwarmSecretArgs, opts?: pulumi.CustomResourceOptions) {
    super(
      name,
      {
        name: pulumi.interpolate`${name}-${version}`,
        data: pulumi.secret(value).apply((text) => Buffer.from(text).toString("base64")),
      },
      pulumi.mergeOptions(swarmResourceOptions(swarm, opts), { additionalSecretOutputs: ["data"] }),
    );
  }

  /** A secret that is in the swarm already; `up` fails where it is not. */
  static fromName(name: string, args: FromNameArgs, opts?: pulumi.CustomResourceOptions): SecretReference {
    return lookup("secret", name, args, opts);
  }
}
