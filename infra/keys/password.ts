import * as pulumi from "@pulumi/pulumi";
import { made } from "./made";

/** 144 bits: no hash of it needs to be slow. */
const generate = "head -c 18 /dev/urandom | base64 | tr -d '\\n' | tr +/ -_";

/** A generated password: letters, digits, `-` and `_`. */
export class Password extends pulumi.ComponentResource {
  readonly value: pulumi.Output<string>;
  /** Tells this password from those before it, and nothing else. */
  readonly version: pulumi.Output<string>;

  /** @param args.rotation another number makes another password */
  constructor(name: string, args: { readonly rotation: number }, opts?: pulumi.ComponentResourceOptions) {
    super("swarm-farm:keys:Password", name, {}, opts);
    const password = made(`${name}-generated`, { create: generate, triggers: [String(args.rotation)] }, this);

    this.value = pulumi.secret(password.stdout);
    this.version = pulumi.unsecret(password.id).apply((id) => `${String(args.rotation)}-${id.slice(-6)}`);
    this.registerOutputs({ version: this.version });
  }
}
