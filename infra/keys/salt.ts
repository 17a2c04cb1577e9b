import * as pulumi from "@pulumi/pulumi";
import { generateSecret } from "./generated-secret";
import { scripts } from "./scripts";

/** A random text that is generated once: hashes with it reveal nothing about what they are made of. */
export function salt(name: string, parent: pulumi.Resource): pulumi.Output<string> {
  return pulumi.secret(generateSecret(name, { create: scripts("password.sh", {}) }, parent).stdout);
}
