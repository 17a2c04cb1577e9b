import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { generateSecret } from "./generated-secret";
import { scripts } from "./scripts";

const Pair = z.object({ privateKey: z.string(), publicKey: z.string() });

/** An Ed25519 key pair in OpenSSH's format, generated once and kept in the state; the private half is always secret. */
export class KeyPair {
  readonly privateKey: pulumi.Output<string>;
  readonly publicKey: pulumi.Output<string>;

  constructor(name: string, args: { readonly comment: string }, parent: pulumi.Resource) {
    const keys = generateSecret(
      `${name}-ed25519`,
      {
        create: scripts("key-pair.sh", {}),
        environment: { COMMENT: args.comment },
        // A new pair would replace every VM.
        aliases: [{ parent: pulumi.createUrn(name, "swarm-farm:keys:KeyPair", parent) }],
      },
      parent,
    );
    const pair = keys.stdout.apply((text) => Pair.parse(JSON.parse(text)));

    this.privateKey = pulumi.secret(pair.privateKey);
    // The public half is not secret: previews and known_hosts show it.
    this.publicKey = pulumi.unsecret(pair.publicKey);
  }
}
