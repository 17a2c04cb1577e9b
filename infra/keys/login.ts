import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { generateSecret, generatedVersion } from "./generated-secret";
import { scripts } from "./scripts";

const Generated = z.object({ password: z.string(), bcrypt: z.string(), crypt: z.string() });

/** Arguments of a `Login`. */
export interface LoginArgs {
  readonly username: string;
  /** Another number generates another password. The first is 1. */
  readonly rotation: number;
}

/** A user with a generated password, and its hashes for servers. */
export class Login extends pulumi.ComponentResource {
  readonly username: string;
  readonly password: pulumi.Output<string>;
  /** `user:hash` with bcrypt, for registries. Secret. */
  readonly bcrypt: pulumi.Output<string>;
  /** `user:hash` with crypt(3), for nginx and HAProxy. Secret. */
  readonly crypt: pulumi.Output<string>;
  /** Differs for each password, and reveals nothing about it. */
  readonly version: pulumi.Output<string>;

  constructor(name: string, args: LoginArgs, opts?: pulumi.ComponentResourceOptions) {
    super("swarm-farm:keys:Login", name, {}, opts);
    const { username, rotation } = args;
    const login = generateSecret(
      `${name}-generated`,
      { create: scripts("login.sh", {}), triggers: [String(rotation)] },
      this,
    );
    const parts = login.stdout.apply((text) => Generated.parse(JSON.parse(text)));

    this.username = username;
    this.password = pulumi.secret(parts.password);
    this.bcrypt = pulumi.secret(pulumi.interpolate`${username}:${parts.bcrypt}\n`);
    this.crypt = pulumi.secret(pulumi.interpolate`${username}:${parts.crypt}\n`);
    this.version = generatedVersion(login, rotation);
    // `./farm secret` reads them from the state: an `up` that failed leaves the Pulumi stack without outputs.
    this.registerOutputs({ username, password: this.password });
  }
}
