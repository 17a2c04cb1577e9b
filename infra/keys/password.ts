import * as pulumi from "@pulumi/pulumi";
import { generateSecret, generatedVersion } from "./generated-secret";
import { scripts } from "./scripts";

/** Arguments of a `Password`. */
export interface PasswordArgs {
  /** The user whose password it is. */
  readonly username: string;
  /** Another number generates another password. The first is 1. */
  readonly rotation: number;
}

/** A generated password: letters, digits, `-` and `_`. */
export class Password extends pulumi.ComponentResource {
  readonly value: pulumi.Output<string>;
  /** Differs for each password, and reveals nothing about it. */
  readonly version: pulumi.Output<string>;

  constructor(name: string, args: PasswordArgs, opts?: pulumi.ComponentResourceOptions) {
    super("swarm-farm:keys:Password", name, {}, opts);
    const password = generateSecret(
      `${name}-generated`,
      { create: scripts("password.sh", {}), triggers: [String(args.rotation)] },
      this,
    );

    this.value = pulumi.secret(password.stdout);
    this.version = generatedVersion(password, args.rotation);
    // For `./farm secret`, as in a Login.
    this.registerOutputs({ username: args.username, password: this.value });
  }
}
