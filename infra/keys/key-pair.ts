import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { made } from "./made";

const Pair = z.object({ privateKey: z.string(), publicKey: z.string() });

const generate = `ssh-keygen -q -t ed25519 -N '' -C "$COMMENT" -f "$dir/key"
jq -cn --rawfile privateKey "$dir/key" --rawfile publicKey "$dir/key.pub" \\
  '{$privateKey, publicKey: ($publicKey | rtrimstr("\\n"))}'`;

/** An Ed25519 key pair in OpenSSH's format, made once and kept in the state; the private half is always secret. */
export class KeyPair {
  readonly privateKey: pulumi.Output<string>;
  readonly publicKey: pulumi.Output<string>;

  constructor(name: string, args: { readonly comment: string }, parent: pulumi.Resource) {
    const keys = made(`${name}-ed25519`, { create: generate, environment: { COMMENT: args.comment } }, parent, [
      // Its place in farms of before: another pair would make all machines anew.
      { parent: pulumi.createUrn(name, "swarm-farm:keys:KeyPair", parent) },
    ]);
    const pair = keys.stdout.apply((text) => Pair.parse(JSON.parse(text)));

    this.privateKey = pulumi.secret(pair.privateKey);
    // The public half is no secret: previews and known_hosts show it.
    this.publicKey = pulumi.unsecret(pair.publicKey);
  }
}
