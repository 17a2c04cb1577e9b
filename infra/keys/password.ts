import * as pulumi from "@pulumi/pulumi";
import { made } from "./made";

/** 144 bits: no hash of it needs to be slow. */
const generate = "head -c 18 /dev/urandom | base64 | tr -d '\\n' | tr +/ -_";

interface PasswordArgs {
  /** Whose password it is. */
  readonly username: string;
  /** Another number makes another password. */
  readonly rotation: number;
}

/** A generated password: letters, digits, `-` and `_`. */
export class Password extends pulumi.ComponentResource {
  readonly value: pulumi.Output<string>;
  /** Tells this password from those before it, and nothing else. */
  readonly version: pulumi.Output<string>;

  constructor(name: string, args: PasswordArgs, opts?: pulumi.ComponentResourceOptions) {
    super("swarm-farm:keys:Password", name, {}, opts);
    const password = made(`${name}-generated`, { create: generate, triggers: [String(args.rotation)] }, this);

    this.value = pulumi.secret(password.stdout);
    this.version = pulumi.unsecret(password.id).apply((id) => `${String(args.rotation)}-${id.slice(-6)}`);
    // For `./farm secret`, as a Login's.
    this.registerOutputs({ username: args.username, password: this.value });
  }
}
