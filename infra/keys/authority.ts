import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { generateSecret, rotatedName } from "./generated-secret";
import { authorityDays, certificateDays } from "./lifetimes";
import { PrintedPair } from "./printed-pair";
import { scripts } from "./scripts";

/** A server's certificate and its key. */
export interface Certificate {
  readonly cert: pulumi.Output<string>;
  /** Secret. */
  readonly key: pulumi.Output<string>;
  /** Differs from that of any previous certificate. */
  readonly version: pulumi.Output<string>;
}

/** A certificate of a user; its files may lack the final newline. */
export function givenCertificate(cert: string, key: string): Certificate {
  const version = createHash("sha256").update(cert).digest("hex").slice(0, 8);
  const ended = (pem: string) => `${pem.trimEnd()}\n`;
  return { cert: pulumi.output(ended(cert)), key: pulumi.secret(ended(key)), version: pulumi.output(version) };
}

/** Arguments of an `Authority`. */
export interface AuthorityArgs {
  /** The farm's name, part of the CA's. */
  readonly farm: string;
  /** Another number generates another CA. The previous one stays in the state, so that nodes trust both during `up`. */
  readonly rotation: number;
}

/** Arguments of `Authority.issue`. */
export interface IssueArgs {
  /** DNS names and IPv4 addresses; other names generate another certificate. */
  readonly names: readonly string[];
  /** Another number generates another certificate; one expires after 825 days. The first is 1. */
  readonly rotation: number;
}

/** The farm's own certificate authority (CA): it signs the certificates of the registry and the load balancer. */
export class Authority extends pulumi.ComponentResource {
  /** Its certificate, in PEM, for clients of the farm. */
  readonly cert: pulumi.Output<string>;
  /** The certificates that a node trusts: the previous CA's, if there is one, and this one's. */
  readonly trusted: pulumi.Output<string>;
  private readonly pair: pulumi.Output<string>;

  constructor(name: string, args: AuthorityArgs, opts?: pulumi.ComponentResourceOptions) {
    super("swarm-farm:keys:Authority", name, {}, opts);
    const { farm, rotation } = args;
    const make = (number: number) =>
      generateSecret(
        rotatedName(`${name}-self`, number),
        { create: scripts("authority.sh", { DAYS: authorityDays }), environment: { FARM: farm } },
        this,
      ).stdout;
    const certOf = (pair: pulumi.Output<string>) =>
      pulumi.unsecret(pair.apply((text) => PrintedPair.parse(JSON.parse(text)).cert));
    const own = make(rotation);

    this.pair = pulumi.secret(own);
    this.cert = certOf(own);
    this.trusted = rotation > 1 ? pulumi.interpolate`${certOf(make(rotation - 1))}${this.cert}` : this.cert;
    this.registerOutputs({ cert: this.cert });
  }

  /** Issues a certificate for a server. */
  issue(name: string, { names, rotation }: IssueArgs, parent: pulumi.Resource): Certificate {
    const subjects = names.map((of) => (/^[\d.]+$/.test(of) ? `IP:${of}` : `DNS:${of}`)).join(",");
    const issued = generateSecret(
      name,
      {
        create: scripts("issue.sh", { DAYS: certificateDays }),
        environment: { NAMES: subjects, COMMON: commonName(names) },
        stdin: this.pair,
        triggers: [subjects, String(rotation), this.cert],
      },
      parent,
    );
    const pair = issued.stdout.apply((text) => PrintedPair.parse(JSON.parse(text)));
    return {
      cert: pulumi.unsecret(pair.cert),
      key: pulumi.secret(pair.key),
      version: pulumi.unsecret(issued.id).apply((id) => id.slice(-8)),
    };
  }
}

/** At most 64 characters (RFC 5280, ub-common-name). Clients read the subject's alternative names. */
function commonName(names: readonly string[]): string {
  return names.find((name) => name.length <= 64) ?? "swarm-farm";
}
