import { createHmac } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { generateSecret } from "./generated-secret";
import { scripts } from "./scripts";

/** A random text that is generated once: hashes with it reveal nothing about what they are made of. */
export function salt(name: string, parent: pulumi.Resource): pulumi.Output<string> {
  return pulumi.secret(generateSecret(name, { create: scripts("password.sh", {}) }, parent).stdout);
}

/** The version of a value that is not generated: it differs for each, and lets no reader of it try others, as a hash of the value would. */
export function saltedVersion(salted: pulumi.Input<string>, value: pulumi.Input<string>): pulumi.Output<string> {
  const version = pulumi
    .all([salted, value])
    .apply(([key, known]) => createHmac("sha256", key).update(known).digest("hex").slice(0, 12));
  return pulumi.unsecret(version);
}
