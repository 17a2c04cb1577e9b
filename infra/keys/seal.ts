import * as pulumi from "@pulumi/pulumi";
import { generateSecret } from "./generated-secret";
import { authorityDays } from "./lifetimes";
import { PrintedPair } from "./printed-pair";
import { scripts } from "./scripts";

/** A key pair by which nodes encrypt what no node can decrypt: they have the certificate, and Pulumi's state alone has the key. */
export class Seal extends pulumi.ComponentResource {
  /** In PEM, not secret. OpenSSL encrypts for it also after it has expired. */
  readonly cert: pulumi.Output<string>;

  /** @param args `subject`: the certificate's common name, at most 64 characters */
  constructor(name: string, args: { readonly subject: string }, opts?: pulumi.ComponentResourceOptions) {
    super("swarm-farm:keys:Seal", name, {}, opts);
    const { stdout } = generateSecret(
      `${name}-pair`,
      { create: scripts("seal.sh", { DAYS: authorityDays }), environment: { NAME: args.subject } },
      this,
    );
    const pair = stdout.apply((text) => PrintedPair.parse(JSON.parse(text)));
    this.cert = pulumi.unsecret(pair.cert);
    this.registerOutputs({ key: pulumi.secret(pair.key) });
  }
}
