import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const Manifest = z.object({
  version: z.string(),
  devDependencies: z.object({
    "@pulumi/pulumi": z.string(),
    "@pulumi/docker": z.string(),
    "@pulumi/command": z.string(),
  }),
});

/** The part of package.json that `./farm` reads. */
export const manifest = Manifest.parse(JSON.parse(readFileSync(join(__dirname, "..", "..", "package.json"), "utf8")));

/** The Pulumi CLI that `./farm` installs: the SDK's version. */
export const pulumiVersion = manifest.devDependencies["@pulumi/pulumi"];
