import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { made } from "./made";

const Made = z.object({ password: z.string(), bcrypt: z.string(), crypt: z.string() });

/**
 * The password has 144 bits, so that its hashes need not be slow: the least work that each format allows, since a server
 * on an emulated CPU hashes at every request.
 */
const generate = `head -c 18 /dev/urandom | base64 | tr -d '\\n' | tr +/ -_ >"$dir/password"
bcrypt=$(htpasswd -niB -C 4 user <"$dir/password" | tr -d '\\n')
crypt=$(openssl passwd -5 -salt "rounds=1000\\$$(head -c 8 /dev/urandom | od -An -tx1 | tr -d ' \\n')" -stdin <"$dir/password")
jq -cn --rawfile password "$dir/password" --arg bcrypt "\${bcrypt#user:}" --arg crypt "$crypt" '{$password, $bcrypt, $crypt}'`;

interface LoginArgs {
  readonly username: string;
  /** Another number makes another password. */
  readonly rotation: number;
}

/** A user with a generated password, and what servers check it with. */
export class Login extends pulumi.ComponentResource {
  readonly username: string;
  readonly password: pulumi.Output<string>;
  /** `user:hash` with bcrypt, as registries want it. Secret. */
  readonly bcrypt: pulumi.Output<string>;
  /** `user:hash` as crypt(3) knows it, for nginx and HAProxy. Secret. */
  readonly crypt: pulumi.Output<string>;
  /** Tells this password from those before it, and nothing else. */
  readonly version: pulumi.Output<string>;

  constructor(name: string, args: LoginArgs, opts?: pulumi.ComponentResourceOptions) {
    super("swarm-farm:keys:Login", name, {}, opts);
    const { username, rotation } = args;
    const login = made(`${name}-generated`, { create: generate, triggers: [String(rotation)] }, this);
    const parts = login.stdout.apply((text) => Made.parse(JSON.parse(text)));

    this.username = username;
    this.password = pulumi.secret(parts.password);
    this.bcrypt = pulumi.secret(pulumi.interpolate`${username}:${parts.bcrypt}\n`);
    this.crypt = pulumi.secret(pulumi.interpolate`${username}:${parts.crypt}\n`);
    this.version = pulumi.unsecret(login.id).apply((id) => `${String(rotation)}-${id.slice(-6)}`);
    // `./farm secret` reads them from the state: the stack's outputs are gone after an `up` that failed.
    this.registerOutputs({ username, password: this.password });
  }
}
