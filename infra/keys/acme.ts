import { createHash, createPublicKey } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { generateSecret, generatedVersion, rotatedName } from "./generated-secret";
import { scripts } from "./scripts";

const Keys = z.object({ account: z.string(), certificate: z.string() });

/** Arguments of `AcmeKeys`. */
export interface AcmeKeysArgs {
  /** The DNS names of the certificate; other names make another request for the same key. */
  readonly names: readonly string[];
  /** Another number generates other keys. The previous ones stay in the state, so that their certificate is served meanwhile. */
  readonly rotation: number;
}

/** A private key in PEM, and what tells it from others without revealing it. */
export interface PrivateKey {
  readonly value: pulumi.Output<string>;
  readonly version: pulumi.Output<string>;
}

/**
 * Keys and signing request of a certificate of an ACME directory. A renewal changes none of it: the directory signs the same request
 * again, so that the state knows no certificate, and an account is found again by its key.
 */
export class AcmeKeys extends pulumi.ComponentResource {
  /** The account's. */
  readonly account: PrivateKey;
  /** The certificates', the current one first, then its predecessor, if there is one. */
  readonly certificates: readonly PrivateKey[];
  /** The signing request, in PEM. It is public. */
  readonly request: pulumi.Output<string>;
  /** The account key's thumbprint (RFC 7638): the answer to an HTTP-01 token is the token, a dot, and this. */
  readonly thumbprint: pulumi.Output<string>;

  constructor(name: string, args: AcmeKeysArgs, opts?: pulumi.ComponentResourceOptions) {
    super("swarm-farm:keys:AcmeKeys", name, {}, opts);
    const { names, rotation } = args;
    const make = (number: number) => {
      const made = generateSecret(
        rotatedName(`${name}-private`, number),
        { create: scripts("acme-keys.sh", {}) },
        this,
      );
      const keys = made.stdout.apply((text) => Keys.parse(JSON.parse(text)));
      const version = generatedVersion(made, number);
      const key = (value: pulumi.Output<string>) => ({ value: pulumi.secret(value), version });
      return { account: key(keys.account), certificate: key(keys.certificate) };
    };
    const own = make(rotation);
    const subjects = names.map((of) => `DNS:${of}`).join(",");
    const request = generateSecret(
      `${name}-request`,
      {
        create: scripts("acme-request.sh", {}),
        environment: { NAMES: subjects },
        stdin: own.certificate.value,
        triggers: [subjects, own.certificate.version],
      },
      this,
    );

    this.account = own.account;
    this.certificates = [own.certificate, ...(rotation > 1 ? [make(rotation - 1).certificate] : [])];
    this.request = pulumi.unsecret(request.stdout).apply((text) => `${text.trimEnd()}\n`);
    this.thumbprint = pulumi.unsecret(own.account.value.apply(thumbprintOf));
    this.registerOutputs({});
  }
}

/** The thumbprint of an elliptic key in PEM (RFC 7638): a hash of its public members in this order. */
export function thumbprintOf(privateKey: string): string {
  const { crv, kty, x, y } = createPublicKey(privateKey).export({ format: "jwk" });
  return createHash("sha256").update(JSON.stringify({ crv, kty, x, y })).digest("base64url");
}
